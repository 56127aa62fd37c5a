import type { Interval } from '#common/time/intervals.ts';
import type { RangeRequest, SignalStore } from '../engines/signals/port.ts';

/**
 * Returns the `damaged` field of an answer; empty when nothing is damaged. Call it after reading the points, because reading finds damage.
 */
export async function damageOf(
  signals: Pick<SignalStore, 'damaged'>,
  { selector, from, to }: RangeRequest,
): Promise<{ damaged?: Interval[] }> {
  const damaged = await signals.damaged({ selector, from, to });
  return damaged.length === 0 ? {} : { damaged };
}

/** Returns the `damaged` field in epoch seconds, for endpoints that use them. */
export async function damageInSeconds(
  signals: Pick<SignalStore, 'damaged'>,
  range: RangeRequest,
): Promise<{ damaged?: { fromEpoch: number; toEpoch: number }[] }> {
  const { damaged } = await damageOf(signals, range);
  return damaged ? { damaged: damaged.map(({ from, to }) => ({ fromEpoch: from / 1_000, toEpoch: to / 1_000 })) } : {};
}
