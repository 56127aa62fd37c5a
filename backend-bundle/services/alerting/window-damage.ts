import { narrowSelector } from '#common/charts/narrow.ts';
import { type Labels, labelsKey } from '#common/contract/primitives.ts';
import type { RangeRequest, SignalStore } from '../../engines/signals/port.ts';
import { type WindowDamage, wholeRuleKey } from './evaluate-series.ts';

/** Finds the damaged intervals of a rule's window. Call it after reading the points, because only reading finds damage. */
export async function damageWithin(
  signals: Pick<SignalStore, 'damaged'>,
  range: RangeRequest,
  series: readonly { labels: Labels }[],
): Promise<WindowDamage> {
  const ofAll = await signals.damaged(range);
  if (ofAll.length === 0) return new Map();
  const own = series.map(async ({ labels }) => {
    const damaged = await signals.damaged({ ...range, selector: narrowSelector(range.selector, labels) });
    return [labelsKey(labels), damaged] as const;
  });
  return new Map([[wholeRuleKey, ofAll], ...(await Promise.all(own))]);
}
