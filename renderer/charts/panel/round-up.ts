/** Returns the next number with two significant digits at or past `value`, away from zero. */
export function roundUp(value: number): number {
  if (value === 0) return 1;
  const power = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return Number((Math.ceil(value / power) * power).toPrecision(12));
}
