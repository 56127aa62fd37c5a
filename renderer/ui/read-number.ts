/** Reads a number typed with a point or a comma; NaN if it isn't one, or nothing was typed. */
export function readNumber(text: string): number {
  const typed = text.trim().replace(',', '.').replace('−', '-');
  return typed === '' ? Number.NaN : Number(typed);
}
