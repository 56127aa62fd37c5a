import type { SignalsHealth } from '../port.ts';
import type { Catalogue } from './catalogue.ts';
import type { PendingHours } from './pending.ts';
import type { Sealed } from './sealed.ts';
import type { Sliced } from './slices.ts';

/** The numbers in a store's health report. */
export type StoreFigures = Pick<SignalsHealth, 'series' | 'oldestAt' | 'newestAt' | 'pending' | 'compactedAt'> & { points: number };

/** Counts by rows of days, which is cheap, and yields to other work. */
export function* figuresOf(
  catalogue: Catalogue,
  sealed: Sealed,
  pending: PendingHours,
  { logBytes, compactedAt }: { logBytes: number; compactedAt: number | null },
): Sliced<StoreFigures> {
  let series = 0;
  let points = pending.held;
  let [oldest, newest] = [Infinity, -Infinity];
  for (const { id } of catalogue.all()) {
    const held = sealed.headers.held(id);
    series += 1;
    points += held.points;
    oldest = Math.min(oldest, held.oldest ?? Infinity, pending.firstTime(id) ?? Infinity);
    newest = Math.max(newest, held.newest ?? -Infinity, pending.lastTime(id) ?? -Infinity);
    if (series % 100 === 0) yield;
  }
  const ends = oldest <= newest ? { oldestAt: oldest, newestAt: newest } : { oldestAt: null, newestAt: null };
  return { series, points, ...ends, pending: { points: pending.held, bytes: logBytes }, compactedAt };
}
