import type { Interval } from '#common/time/intervals.ts';
import type { RangeRequest, SignalStore } from '../engines/signals/port.ts';

/**
 * Returns what an answer says of damage, to be asked for after its points were read: reading is how damage is found.
 * Nothing when all is well.
 */
export async function damageOf(
  signals: Pick<SignalStore, 'damaged'>,
  { selector, from, to }: RangeRequest,
): Promise<{ damaged?: Interval[] }> {
  const damaged = await signals.damaged({ selector, from, to });
  return damaged.length === 0 ? {} : { damaged };
}

/** The same in epoch seconds, for the paths that speak them. */
export async function damageInSeconds(
  signals: Pick<SignalStore, 'damaged'>,
  range: RangeRequest,
): Promise<{ damaged?: { fromEpoch: number; toEpoch: number }[] }> {
  const { damaged } = await damageOf(signals, range);
  return damaged ? { damaged: damaged.map(({ from, to }) => ({ fromEpoch: from / 1_000, toEpoch: to / 1_000 })) } : {};
}
