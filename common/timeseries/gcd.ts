/** Returns the greatest common divisor of two whole numbers from 0: the widest bucket that fits both. */
export function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
