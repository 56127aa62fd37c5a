import { describe, expect, it } from 'vitest';
import { type FeedAlert, maxAlertsPerCall } from '#common/contract/console/alerts.ts';
import { AppError } from '#common/contract/errors.ts';
import { type BatchCall, callInParts } from './call-in-parts.ts';

const alerts = (count: number, connectionId = 'c1') =>
  Array.from({ length: count }, (_, n) => ({ id: `${connectionId}-${n}`, connectionId }) as FeedAlert);

/** Queues one change per alert, and records its calls. */
function recorder(refuse: (ids: string[]) => unknown = () => null): { calls: string[][]; call: BatchCall } {
  const calls: string[][] = [];
  const call: BatchCall = async ({ ids }) => {
    calls.push(ids);
    const error = refuse(ids);
    if (error !== null) throw error;
    return { outboxIds: ids.map((id) => `o-${id}`) };
  };
  return { calls, call };
}

describe('a change of many alerts', () => {
  it('goes in as many calls as needed, each alert once, and reports progress', async () => {
    const { calls, call } = recorder();
    const progress: number[] = [];
    const all = [...alerts(2_029), ...alerts(3, 'c2')];
    const { outboxIds, done, error } = await callInParts(all, call, (now) => progress.push(now));
    expect(calls.map((ids) => ids.length)).toEqual([500, 500, 500, 500, 29, 3]);
    expect(calls.flat().sort()).toEqual(all.map(({ id }) => id).sort());
    expect(progress).toEqual([500, 1_000, 1_500, 2_000, 2_029, 2_032]);
    expect(outboxIds).toHaveLength(2_032);
    expect({ done, error }).toEqual({ done: 2_032, error: null });
  });

  it('keeps what is done when a call fails, so that it can be undone', async () => {
    const failure = new Error('The disk is full.');
    const { call } = recorder((ids) => (ids.includes(`c1-${maxAlertsPerCall}`) ? failure : null));
    const { outboxIds, done, error } = await callInParts(alerts(1_200), call, () => undefined);
    expect(done).toBe(maxAlertsPerCall);
    expect(outboxIds).toHaveLength(maxAlertsPerCall);
    expect(error).toBe(failure);
  });

  it('skips alerts that resolved in the meantime, and reports that only if all did', async () => {
    const resolved = new AppError('already_resolved', 'All alerts have resolved.');
    const some = await callInParts(alerts(700), recorder((ids) => (ids.includes('c1-0') ? resolved : null)).call, () => undefined);
    expect(some).toMatchObject({ done: 200, error: null });
    expect(await callInParts(alerts(2), recorder(() => resolved).call, () => undefined)).toMatchObject({ done: 0, error: resolved });
  });
});
