import { chunkMs } from '#backend/engines/signals/chunks/schema.ts';
import type { SeriesWrite } from '#backend/engines/signals/chunks/writes.ts';

const start = Math.floor(1_700_000_000_000 / chunkMs) * chunkMs;
/** Four of the six hours that are written to have ended. */
export const now = start + 4 * chunkMs + 120_000;

export interface CrashStep {
  writes: SeriesWrite[];
  seal?: { limit: number; all: boolean };
  /** Then what is older goes, time in ms. */
  expire?: number;
  /** Finally, an interval of one series to delete; ms, half-open. */
  remove?: { series: string; from: number; to: number };
}

/**
 * Runs step `k`, which always does the same: a live point, a run over an hour or two, or late points here and there; then maybe sealing, maybe
 * deleting old points, maybe deleting an interval.
 */
export function stepOf(k: number): CrashStep {
  const random = generator(k);
  const writes = Array.from({ length: 1 + random(3) }, (): SeriesWrite => {
    const kind = random(3);
    const n = kind === 0 ? 1 : kind === 1 ? 80 + random(400) : 1 + random(60);
    const first = random(6 * 720);
    const at = (i: number) => (kind === 1 ? Math.min(first + i, 6 * 720 - 1) : random(6 * 720));
    const t = Float64Array.from({ length: n }, (_, i) => start + at(i) * 5_000);
    // The value shows which step wrote it, so that an older one that reappears is noticed.
    const v = Float64Array.from({ length: n }, (_, i) => k + i / 1000);
    return { kind: 'metric', name: 'crash', labels: { series: String(random(3)) }, unit: '', points: { t, v } };
  });
  const seal = random(4);
  const step: CrashStep = seal > 1 ? { writes } : { writes, seal: { limit: 1 + random(4), all: seal === 1 } };
  if (random(8) === 0) step.expire = start + random(2 * chunkMs);
  if (random(4) === 0) {
    const from = random(6 * chunkMs);
    step.remove = { series: String(random(3)), from: start + from, to: start + from + random(3 * chunkMs) };
  }
  return step;
}

function generator(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
