/** Statements that take longer than this are logged, ms. Only the text is logged, because parameters may be secrets. */
export const slowMs = 200;
