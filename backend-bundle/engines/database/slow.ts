/** Statements that take longer are logged by their text, never with their parameters, which may be secrets. ms */
export const slowMs = 200;
