import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '#common/contract/alerts.ts';
import { api } from '#common/contract/api.ts';
import { AppError } from '#common/contract/errors.ts';
import {
  addChart,
  alertEvents,
  call,
  firing,
  measure,
  omar,
  openBelts,
  type Replica,
  run,
  sara,
  speedChart,
  speedRule,
  type World,
} from './alerting-world.ts';

let world: World;
let replica: Replica;
beforeEach(async () => {
  ({ world, replica } = await openBelts('sqlite'));
  await measure(replica.engines, { 'belt-1': 0.1 }, 20);
});
afterEach(() => world.close());

const minute = 60_000;
const create = (rule = speedRule({ forMs: 0 }), caller = sara) => call(replica.service, api.rules.create, { body: rule }, caller);
async function up(): Promise<Alert> {
  await create();
  const [alert] = await firing(replica);
  return alert ?? expect.fail('nothing fires');
}
const historyOf = async (id: string) =>
  (await call(replica.service, api.alerts.get, { params: { id } })).events.map(
    ({ kind, by, note }) => `${kind} ${by ?? '-'}${note === '' ? '' : ` (${note})`}`,
  );
const audited = async () =>
  (await replica.engines.database.query.selectFrom('audit').select(['actor', 'action', 'entity']).orderBy('id').execute()).map(
    ({ actor, action }) => `${actor} ${action}`,
  );
const ack = (id: string, body: { note?: string; expiresAt?: number; at?: number } = {}, caller = sara) =>
  call(replica.service, api.alerts.acknowledge, { params: { id }, body }, caller);
const snooze = (id: string, body: { until: number; reason: string; at?: number }, caller = sara) =>
  call(replica.service, api.alerts.snooze, { params: { id }, body }, caller);

async function refused(work: Promise<unknown>): Promise<AppError> {
  const outcome = await work.then(
    () => expect.fail('It was not refused.'),
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(AppError);
  return outcome as AppError;
}

describe('the history', () => {
  const release = (id: string, at?: number) =>
    call(replica.service, api.alerts.unacknowledge, { params: { id }, body: at === undefined ? {} : { at } });
  const endSnooze = (id: string, at?: number) =>
    call(replica.service, api.alerts.unsnooze, { params: { id }, body: at === undefined ? {} : { at } });

  it('of acknowledging, releasing and acknowledging again ends in the right state, directly and from an outbox', async () => {
    const { id, firedAt } = await up();
    await ack(id);
    await release(id);
    await ack(id, { note: 'again' });
    expect((await historyOf(id)).slice(1)).toEqual(['acknowledged sara', 'unacknowledged sara', 'acknowledged sara (again)']);
    await release(id);

    // Done offline, a minute apart; delivered an hour later, one after the other.
    const begun = firedAt + minute;
    world.clock.now += 60 * minute;
    await ack(id, { at: begun, note: 'offline' });
    world.clock.now += 1_000;
    await release(id, begun + minute);
    world.clock.now += 1_000;
    await ack(id, { at: begun + 2 * minute, note: 'offline again' });
    const { alert, events } = await call(replica.service, api.alerts.get, { params: { id } });
    expect(alert.acknowledgement).toMatchObject({ note: 'offline again', at: begun + 2 * minute });
    expect(events.slice(-3).map(({ kind, at }) => [kind, at - begun])).toEqual([
      ['acknowledged', 0],
      ['unacknowledged', minute],
      ['acknowledged', 2 * minute],
    ]);
  });

  it('of a snooze that is ended and set again has the times of these actions', async () => {
    const { id, firedAt } = await up();
    world.clock.now += 60 * minute;
    const until = world.clock.now + 60 * minute;
    await snooze(id, { until, reason: 'first', at: firedAt + minute });
    await endSnooze(id, firedAt + 2 * minute);
    await snooze(id, { until, reason: 'second', at: firedAt + 3 * minute });
    const { events } = await call(replica.service, api.alerts.get, { params: { id } });
    expect(events.slice(1).map(({ kind, at }) => [kind, at - firedAt])).toEqual([
      ['snoozed', minute],
      ['unsnoozed', 2 * minute],
      ['snoozed', 3 * minute],
    ]);
  });

  it('never has a later entry before an earlier one, whatever a clock shows', async () => {
    const { id } = await up();
    world.clock.now += 10 * minute;
    await ack(id);
    const acknowledgedAt = world.clock.now;
    await release(id, acknowledgedAt - 5 * minute);
    await snooze(id, { until: acknowledgedAt + minute, reason: 'wait', at: acknowledgedAt - 9 * minute });
    // The clock of the backend itself is set back.
    world.clock.now -= 8 * minute;
    await endSnooze(id);
    await ack(id, { note: 'after all' });
    const { alert, events } = await call(replica.service, api.alerts.get, { params: { id } });
    expect(events.map(({ kind }) => kind)).toEqual(['fired', 'acknowledged', 'unacknowledged', 'snoozed', 'unsnoozed', 'acknowledged']);
    expect(events.slice(1).map(({ at }) => at)).toEqual(Array(5).fill(acknowledgedAt));
    expect(alert.acknowledgement).toMatchObject({ by: 'sara', at: acknowledgedAt });
  });

  it('keeps that order for automatic entries', async () => {
    const { id } = await up();
    await ack(id, { expiresAt: world.clock.now + 1_000 });
    world.clock.now += 1_500;
    // The acknowledgement has expired, but no evaluation has noticed it yet.
    await snooze(id, { until: world.clock.now + minute, reason: 'wait' });
    await run(world, replica, 1, { 'belt-1': 0.1 });
    const { events } = await call(replica.service, api.alerts.get, { params: { id } });
    expect(events.map(({ kind }) => kind)).toEqual(['fired', 'acknowledged', 'snoozed', 'unacknowledged']);
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b));
  });
});

describe('a snooze longer than the maximum of a timer', () => {
  const day = 24 * 60 * minute;

  it('ends at its time, once, over restarts of the backend, and not a moment before', async () => {
    const { id } = await up();
    const begun = world.clock.now;
    await ack(id, { expiresAt: begun + 40 * day, note: 'until the belt is replaced' });
    await snooze(id, { until: begun + 30 * day, reason: 'the part is on order' });
    const state = async () => {
      const [alert] = await firing(replica);
      return [alert?.acknowledgement?.note ?? null, alert?.snooze?.reason ?? null];
    };
    for (const days of [1, 24.8, 25, 29.9]) {
      world.clock.now = begun + days * day;
      await run(world, replica, 2, { 'belt-1': 0.1 });
      expect(await state(), `after ${days} days`).toEqual(['until the belt is replaced', 'the part is on order']);
    }
    await replica.close();
    replica = await world.replica();
    world.clock.now = begun + 30 * day;
    await run(world, replica, 2, { 'belt-1': 0.1 });
    expect(await state()).toEqual(['until the belt is replaced', null]);
    world.clock.now = begun + 40 * day;
    await run(world, replica, 3, { 'belt-1': 0.1 });
    expect(await state()).toEqual([null, null]);
    expect((await historyOf(id)).slice(3)).toEqual([
      'unsnoozed - (The snooze by sara expired.)',
      'unacknowledged - (The acknowledgement by sara expired.)',
    ]);
    // It is still the same alert: nothing fired again, so nothing is announced again.
    expect((await alertEvents(replica)).filter((event) => event.startsWith('alert.triggered'))).toHaveLength(1);
  });

  it('is refused if it is longer than a snooze may be', async () => {
    const { id } = await up();
    const error = await refused(snooze(id, { until: world.clock.now + 365 * day, reason: 'for good' }));
    expect([error.code, error.field]).toEqual(['validation_failed', 'until']);
  });
});

describe('acknowledging', () => {
  it('gives the alert an owner, once: a repeat by the same person changes nothing', async () => {
    const { id } = await up();
    const first = await ack(id, { note: 'looking' });
    expect(first).toMatchObject({ version: 2, acknowledgement: { by: 'sara', note: 'looking', at: world.clock.now, expiresAt: null } });
    world.clock.now += minute;
    expect(await ack(id, { note: 'looking' })).toEqual(first);
    expect(await alertEvents(replica)).toEqual(['alert.triggered fired', 'alert.updated acknowledged']);
    expect(await audited()).toEqual(['sara rule.created', 'sara alert.acknowledged']);
  });

  it('is amended by its owner', async () => {
    const { id } = await up();
    await ack(id);
    expect((await ack(id, { note: 'belt is jammed' })).acknowledgement).toMatchObject({ by: 'sara', note: 'belt is jammed' });
  });

  it('is refused for a second person with the name of the owner', async () => {
    const { id } = await up();
    await ack(id);
    world.clock.now += 3 * minute;
    const error = await refused(ack(id, {}, omar));
    expect([error.code, error.message]).toEqual(['conflict', 'sara acknowledged this alert 3 min ago.']);
    expect(error.hint).toContain('give the alert back');
    await call(replica.service, api.alerts.unacknowledge, { params: { id }, body: {} }, omar);
    await ack(id, {}, omar);
    expect((await firing(replica))[0]?.acknowledgement?.by).toBe('omar');
    expect((await historyOf(id)).slice(1)).toEqual([
      'acknowledged sara',
      'unacknowledged omar (It was acknowledged by sara.)',
      'acknowledged omar',
    ]);
  });

  it('succeeds for one of two people who do it at the same moment', async () => {
    const { id } = await up();
    const outcomes = await Promise.allSettled([ack(id), ack(id, {}, omar)]);
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await alertEvents(replica)).filter((event) => event.endsWith('acknowledged'))).toHaveLength(1);
  });

  it.each([
    ['in the future, by a wrong clock', 5 * minute, 0],
    ['before the alert was there', -60 * minute, -2 * minute],
    ['a while ago, offline', -minute, -minute],
  ])('done %s is limited to a possible time', async (_, said, kept) => {
    const { id } = await up();
    world.clock.now += 2 * minute;
    expect((await ack(id, { at: world.clock.now + said })).acknowledgement?.at).toBe(world.clock.now + kept);
  });

  it('expires automatically, and then another person can acknowledge', async () => {
    const { id } = await up();
    await ack(id, { expiresAt: world.clock.now + 5_000 });
    await run(world, replica, 2, { 'belt-1': 0.1 });
    expect((await firing(replica))[0]?.acknowledgement?.by).toBe('sara');
    await run(world, replica, 1, { 'belt-1': 0.1 });
    expect((await firing(replica))[0]?.acknowledgement).toBeNull();
    expect((await historyOf(id)).at(-1)).toBe('unacknowledged - (The acknowledgement by sara expired.)');
    await ack(id, { expiresAt: world.clock.now + 1_000 });
    world.clock.now += 1_000;
    expect((await ack(id, {}, omar)).acknowledgement?.by).toBe('omar');
  });

  it('that has already expired is refused', async () => {
    const { id } = await up();
    const error = await refused(ack(id, { expiresAt: world.clock.now - minute }));
    expect([error.code, error.field, error.message]).toEqual([
      'validation_failed',
      'expiresAt',
      'The acknowledgement would have ended 1 min ago.',
    ]);
  });

  it('ends with the alert: the next alert starts without one', async () => {
    const { id } = await up();
    await ack(id);
    await run(world, replica, 10, { 'belt-1': 1 });
    await run(world, replica, 10, { 'belt-1': 0.1 });
    const [next] = await firing(replica);
    expect(next?.id).not.toBe(id);
    expect(next?.acknowledgement).toBeNull();
  });

  it('of a resolved or unknown alert is refused with the reason', async () => {
    const { id } = await up();
    await run(world, replica, 10, { 'belt-1': 1 });
    const { resolvedAt } = (await call(replica.service, api.alerts.get, { params: { id } })).alert;
    world.clock.now = (resolvedAt ?? 0) + 2 * minute;
    for (const act of [
      () => ack(id),
      () => snooze(id, { until: world.clock.now + minute, reason: 'x' }),
      () => call(replica.service, api.alerts.unacknowledge, { params: { id }, body: {} }),
    ]) {
      const error = await refused(act());
      expect([error.code, error.message]).toEqual(['already_resolved', 'The alert "Belt speed low" resolved 2 min ago.']);
    }
    expect((await refused(ack('018f0000-0000-7000-8000-000000000000'))).code).toBe('not_found');
  });
});

describe('snoozing', () => {
  it('lasts until its time, with a reason, and ends automatically', async () => {
    const { id } = await up();
    expect((await snooze(id, { until: world.clock.now + 5_000, reason: 'maintenance' })).snooze).toMatchObject({
      by: 'sara',
      reason: 'maintenance',
    });
    await run(world, replica, 3, { 'belt-1': 0.1 });
    expect((await firing(replica))[0]?.snooze).toBeNull();
    expect((await historyOf(id)).slice(1)).toEqual(['snoozed sara (maintenance)', 'unsnoozed - (The snooze by sara expired.)']);
  });

  it('can be ended by hand, also twice', async () => {
    const { id } = await up();
    await snooze(id, { until: world.clock.now + minute, reason: 'x' });
    const ended = await call(replica.service, api.alerts.unsnooze, { params: { id }, body: {} }, omar);
    expect(ended.snooze).toBeNull();
    expect(await call(replica.service, api.alerts.unsnooze, { params: { id }, body: {} }, omar)).toEqual(ended);
  });

  it('is refused for a time in the past and without an end', async () => {
    const { id } = await up();
    expect((await refused(snooze(id, { until: world.clock.now, reason: 'x' }))).field).toBe('until');
    const error = await refused(snooze(id, { until: world.clock.now + 31 * 86_400_000, reason: 'x' }));
    expect(error.message).toBe('A snooze lasts 30 d at most; this one would last 31 d.');
  });
});

describe('rules', () => {
  it('are evaluated at once when they change, and the reply has their state', async () => {
    expect((await create()).statuses.map((status) => status.state)).toEqual(['FIRING']);
    const rule = speedRule({
      forMs: 0,
      conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 20_000, operator: '<', threshold: 0.05 }],
    });
    world.clock.now += 100;
    const updated = await call(replica.service, api.rules.update, { params: { code: rule.code }, body: { ...rule, version: 1 } });
    expect(updated).toMatchObject({ version: 2, updatedBy: 'sara', statuses: [{ state: 'OK' }] });
    expect(await firing(replica)).toEqual([]);
  });

  it('apply a new severity to a firing alert at once, also in its history', async () => {
    const { id } = await up();
    world.clock.now += 100;
    await call(replica.service, api.rules.update, {
      params: { code: 'belt-speed-low' },
      body: { ...speedRule({ forMs: 0, severity: 'HIGH' }), version: 1 },
    });
    expect((await firing(replica))[0]?.severity).toBe('HIGH');
    expect((await historyOf(id)).at(-1)).toBe('updated - (Severity changed from Critical to High.)');
    expect((await call(replica.service, api.alerts.list, { query: { severity: 'HIGH' } })).items).toHaveLength(1);
  });

  it.each([
    ['deleted', 'The rule was deleted.'],
    ['switched off', 'The rule was switched off.'],
    ['moved to another chart', 'The rule now evaluates another chart.'],
  ])('that are %s resolve their alerts', async (how, note) => {
    const { id } = await up();
    await addChart(replica.engines, { ...speedChart, code: 'other', selector: { from: 'signal', loaderCode: 'other' } });
    const params = { code: 'belt-speed-low' };
    if (how === 'deleted') await call(replica.service, api.rules.remove, { params }, omar);
    else {
      const change = how === 'switched off' ? { enabled: false } : { chartCode: 'other' };
      await call(replica.service, api.rules.update, { params, body: { ...speedRule({ forMs: 0, ...change }), version: 1 } }, omar);
    }
    expect(await firing(replica)).toEqual([]);
    expect((await historyOf(id)).at(-1)).toBe(`resolved omar (${note})`);
    world.clock.now += 10_000;
    await replica.evaluator.round();
    expect(await firing(replica)).toEqual([]);
    expect((await alertEvents(replica)).filter((event) => event === 'alert.triggered fired')).toHaveLength(1);
  });

  it('are paused and activated many at once; those that are gone are named, and a firing alert resolves', async () => {
    await up();
    await create(speedRule({ code: 'other' }));
    await create(speedRule({ code: 'off', enabled: false }));
    const setStatuses = (codes: string[], status: 'ACTIVE' | 'PAUSED') =>
      call(replica.service, api.rules.setStatuses, { body: { codes, status } });
    const all = ['off', 'other', 'gone', 'belt-speed-low', 'other'];
    expect(await setStatuses(all, 'PAUSED')).toEqual({ changed: ['belt-speed-low', 'other'], missing: ['gone'] });
    expect(await firing(replica)).toEqual([]);
    expect(await setStatuses(all, 'PAUSED')).toEqual({ changed: [], missing: ['gone'] });
    expect(await setStatuses(['belt-speed-low', 'other'], 'ACTIVE')).toEqual({ changed: ['belt-speed-low', 'other'], missing: [] });
    const { items } = await call(replica.service, api.rules.list, {});
    expect(items.map(({ code, enabled, version }) => [code, enabled, version]).sort()).toEqual([
      ['belt-speed-low', true, 3],
      ['off', false, 1],
      ['other', true, 3],
    ]);
  });

  it('are not overwritten by a change made on an old copy', async () => {
    await create();
    const change = (version: number, name: string, caller = sara) =>
      call(replica.service, api.rules.update, { params: { code: 'belt-speed-low' }, body: { ...speedRule({ name }), version } }, caller);
    await change(1, 'Mine', omar);
    const error = await refused(change(1, 'Also mine'));
    expect([error.code, error.field]).toEqual(['version_conflict', 'version']);
    expect(error.message).toBe(
      'omar changed rule “belt-speed-low” in the meantime (name and forMs): it is at version 2, your change was based on version 1.',
    );
    expect((await call(replica.service, api.rules.get, { params: { code: 'belt-speed-low' } })).name).toBe('Mine');
  });

  it('refuse invalid input, naming the field', async () => {
    await create();
    const params = { code: 'belt-speed-low' };
    const cases: [() => Promise<unknown>, string, string][] = [
      [() => create(), 'conflict', 'code'],
      [() => create(speedRule({ code: 'new', chartCode: 'nowhere' })), 'not_found', 'chartCode'],
      [
        () => call(replica.service, api.rules.update, { params, body: { ...speedRule({ chartCode: 'nowhere' }), version: 1 } }),
        'not_found',
        'chartCode',
      ],
      [
        () => call(replica.service, api.rules.update, { params, body: { ...speedRule({ code: 'renamed' }), version: 1 } }),
        'validation_failed',
        'code',
      ],
      [() => call(replica.service, api.rules.get, { params: { code: 'nothing' } }), 'not_found', 'code'],
      [() => call(replica.service, api.rules.remove, { params: { code: 'nothing' } }), 'not_found', 'code'],
    ];
    for (const [work, code, field] of cases) {
      const error = await refused(work());
      expect([error.code, error.field]).toEqual([code, field]);
    }
    expect(await audited()).toEqual(['sara rule.created']);
  });
});

describe('the list of alerts', () => {
  it('pages from newest to oldest without losing or repeating any while others fire', async () => {
    await create(speedRule({ forMs: 0 }));
    for (let i = 0; i < 4; i += 1) {
      world.clock.now += 1_000;
      await create(speedRule({ code: `rule-${i}`, forMs: 0 }));
    }
    const codes: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await call(replica.service, api.alerts.list, { query: { limit: 2, ...(cursor === undefined ? {} : { cursor }) } });
      codes.push(...page.items.map((alert) => alert.ruleCode));
      cursor = page.nextCursor;
      world.clock.now += 1_000;
      await create(speedRule({ code: `late-${codes.length}`, forMs: 0 }));
    } while (cursor !== undefined);
    expect(codes).toEqual(['rule-3', 'rule-2', 'rule-1', 'rule-0', 'belt-speed-low']);
  });

  it('filters by rule, state and time of change', async () => {
    await up();
    world.clock.now += minute;
    const { items } = await call(replica.service, api.alerts.list, { query: { changedSince: world.clock.now } });
    expect(items).toEqual([]);
    const [alert] = await firing(replica);
    await ack(alert?.id ?? '');
    expect((await call(replica.service, api.alerts.list, { query: { changedSince: world.clock.now } })).items).toHaveLength(1);
    expect((await call(replica.service, api.alerts.list, { query: { ruleCode: 'other' } })).items).toEqual([]);
    expect((await call(replica.service, api.alerts.list, { query: { state: 'RESOLVED' } })).items).toEqual([]);
  });

  it.each(['garbage', Buffer.from('[1]').toString('base64url'), Buffer.from('["x","y"]').toString('base64url')])(
    'refuses the cursor %s',
    async (cursor) => {
      const error = await refused(call(replica.service, api.alerts.list, { query: { cursor } }));
      expect([error.code, error.field]).toEqual(['validation_failed', 'cursor']);
    },
  );
});
