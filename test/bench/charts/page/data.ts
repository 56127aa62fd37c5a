import type { Line } from './contestant.ts';

/** When the data begins, epoch ms, and the time between points, ms. */
export const dataStart = Date.UTC(2025, 0, 1);
export const dataStep = 1_000;

/** A seeded source of numbers in [0, 1) (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Noisy values as a metric has them: a daily swing, a slow drift, noise, a rare spike. Asked in order, piece by piece. */
function source(seed: number): (count: number) => Float64Array<ArrayBuffer> {
  const next = random(seed);
  let index = 0;
  let drift = 0;
  return (count) => {
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++, index++) {
      drift += (next() - 0.5) * 0.2 - drift * 0.00001;
      const spike = next() < 0.00002 ? 60 * next() : 0;
      values[i] = 100 + 20 * Math.sin((index * dataStep * 2 * Math.PI) / 86_400_000) + drift + (next() - 0.5) * 16 + spike;
    }
    return values;
  };
}

function times(count: number): Float64Array<ArrayBuffer> {
  const t = new Float64Array(count);
  for (let i = 0; i < count; i++) t[i] = dataStart + i * dataStep;
  return t;
}

/** Lines of one chart, which share their times. */
export function makeLines(points: number, lines: number, firstSeed: number): Line[] {
  const t = times(points);
  return Array.from({ length: lines }, (_, line) => ({ t, v: source(firstSeed + line)(points) }));
}
