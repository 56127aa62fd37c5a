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

export interface Points {
  t: Float64Array<ArrayBuffer>;
  v: Float64Array<ArrayBuffer>;
}

export const start = Date.UTC(2026, 0, 1);

export interface Recipe {
  seed: number;
  count: number;
  /** Regular steps of a second, or steps of any length with now and then a long silence. */
  regular: boolean;
  /** Share of values that are no numbers. */
  broken: number;
}

/** A wandering line with noise, rare spikes, and where asked values that are no numbers and silences. */
export function makePoints({ seed, count, regular, broken }: Recipe): Points {
  const next = random(seed);
  const t = new Float64Array(count);
  const v = new Float64Array(count);
  let at = start;
  let level = 50;
  for (let i = 0; i < count; i++) {
    t[i] = at;
    at += regular ? 1_000 : Math.ceil(next() * 2_000) + (next() < 20 / count ? 400_000 : 0);
    level += (next() - 0.5) * 2;
    const spike = next() < 30 / count ? (next() - 0.5) * 200 : 0;
    const value = level + (next() - 0.5) * 12 + spike;
    const kind = next();
    v[i] = kind < broken ? (kind < broken * 0.8 ? NaN : kind < broken * 0.9 ? Infinity : -Infinity) : value;
  }
  return { t, v };
}

/** Every `n`th point: what a careless chart draws. */
export function everyNth({ t, v }: Points, n: number): Points {
  return { t: t.filter((_, i) => i % n === 0), v: v.filter((_, i) => i % n === 0) };
}
