/** The page after a forced collection, at one moment of a soak. */
export interface Sample {
  /** Time that has passed for the charts, ms. */
  at: number;
  /** Bytes of scripts and array buffers, those of workers included. */
  heap: number;
  nodes: number;
  listeners: number;
  /** Resident memory of the page's process, bytes; null if unknown. */
  resident: number | null;
}
const kinds = ['heap', 'nodes', 'listeners', 'resident'] as const;
export type Kind = (typeof kinds)[number];

export interface Verdict {
  kind: Kind;
  /** Its level at the end of the warm-up, by the line through the samples. */
  level: number;
  /** By how much that line rises from there to the end. */
  rise: number;
  /** The greatest rise that counts as flat. */
  allowed: number;
  flat: boolean;
}

/**
 * By which share of its level each may rise, what is allowed at least, and which part of the samples is its warm-up: buffers take their
 * size and code its shape in the first eighth; the allocators of a process grow their pools for longer, and the system gives memory back
 * late.
 */
const margins: Record<Kind, { share: number; least: number; warmUp: number }> = {
  heap: { share: 0.05, least: 1_048_576, warmUp: 1 / 8 },
  nodes: { share: 0.01, least: 5, warmUp: 1 / 8 },
  listeners: { share: 0.01, least: 2, warmUp: 1 / 8 },
  resident: { share: 0.05, least: 16 * 1_048_576, warmUp: 1 / 2 },
};

/** Number of samples during which a process still grows to its usual size. */
const samplesOfProcess = 20;

/** Evaluates a soak by the least-squares line through its samples after the warm-up. */
export function judge(samples: readonly Sample[]): Verdict[] {
  return kinds.flatMap((kind) => {
    const { share, least, warmUp } = margins[kind];
    const points = samples.slice(Math.ceil(samples.length * warmUp)).flatMap((sample) => {
      const value = sample[kind];
      return value === null ? [] : [{ x: sample.at, y: value }];
    });
    const [first] = points;
    if (!first || points.length < (kind === 'resident' ? samplesOfProcess : 3)) return [];
    const meanX = mean(points.map(({ x }) => x));
    const meanY = mean(points.map(({ y }) => y));
    const slope =
      points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
    const level = meanY + slope * (first.x - meanX);
    const rise = slope * ((points.at(-1)?.x ?? first.x) - first.x);
    const allowed = Math.max(share * level, least);
    return [{ kind, level, rise, allowed, flat: rise <= allowed }];
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
