/** Noise as a function of its coordinates, without history: the same place gives the same value on every machine. */

/** Mixes 32-bit integers well enough for a simulation; not for secrets. @returns 0 to 2³² − 1 */
export function hash(...parts: readonly number[]): number {
  let h = 0x9e3779b9;
  for (const part of parts) {
    // Numbers beyond 32 bits (times) count in full.
    h = mix(h ^ (part | 0));
    h = mix(h ^ Math.floor(part / 2 ** 32));
  }
  return h >>> 0;
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** @returns a uniform number in [0, 1) for this place */
export function uniform(...parts: readonly number[]): number {
  return hash(...parts) / 2 ** 32;
}

/** @returns a number in [−1, 1] that moves smoothly with `t`, about one swing per `scale` (same unit) */
export function smooth(seed: number, channel: number, t: number, scale: number): number {
  const cell = Math.floor(t / scale);
  const f = t / scale - cell;
  const weight = f * f * (3 - 2 * f);
  const a = uniform(seed, channel, cell);
  const b = uniform(seed, channel, cell + 1);
  return 2 * (a + (b - a) * weight) - 1;
}
