import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import type { Alert } from '#common/contract/alerts.ts';
import { api } from '#common/contract/api.ts';
import type { AlertMatcher, silenceInput } from '#common/contract/policies.ts';
import { hourMs, minuteMs } from '#common/time/durations.ts';
import { eventually } from '../support/eventually.ts';
import { addChart, call, firing, measure, omar, speedChart, speedRule } from './alerting-world.ts';
import { audited, type DefinitionsReplica, onEachDatabase } from './dashboards-world.ts';

const { policies } = api;
const is = (name: string, value: string): AlertMatcher => ({ name, operator: '=', value });
const belt1 = [is('segment', 'belt-1')];

onEachDatabase('policies', (open) => {
  /** Three belts that are too slow, each with an alert. */
  const slowBelts = async () => {
    const { world, startReplica } = await open();
    const desk = await startReplica();
    await addChart(desk.engines, speedChart);
    await measure(desk.engines, { 'belt-1': 0.1, 'belt-2': 0.2, 'belt-3': 0.3 }, 20);
    await call(desk.service, api.rules.create, { body: speedRule({ forMs: 0 }) });
    // A busy database may answer the new rule before its first evaluation ends.
    const alerts = await eventually('three alerts', async () => {
      const found = await firing(desk);
      return found.length === 3 && found;
    });
    const [first] = alerts.filter(({ labels }) => labels['segment'] === 'belt-1');
    return { world, desk, alerts, first: first ?? expect.fail('belt-1 has no alert') };
  };
  const pathOf = ({ service }: DefinitionsReplica, { id }: Alert) => call(service, policies.path, { params: { id } });
  const stopOf = async (desk: DefinitionsReplica, alert: Alert) => {
    const { steps, notifies } = await pathOf(desk, alert);
    return notifies ? null : steps.at(-1);
  };
  const silence = ({ service }: DefinitionsReplica, body: z.input<typeof silenceInput>, caller = omar) =>
    call(service, policies.createSilence, { body }, caller);
  const policyEvents = async ({ engines }: DefinitionsReplica) =>
    ((await engines.bus.replay('0', 10_000)) ?? []).flatMap(({ type, payload }) =>
      type === 'policy.changed' && 'kind' in payload ? [`${payload.kind} ${payload.by}`] : [],
    );

  test('a silence keeps its alerts from notifying until it ends, and says who made it and why', async () => {
    const { world, desk, first, alerts } = await slowBelts();
    const endsAt = world.clock.now + hourMs;
    expect((await pathOf(desk, first)).notifies).toBe(true);
    const made = await silence(desk, { matchers: belt1, endsAt, reason: 'Belt 1 is repaired' });
    expect(made).toMatchObject({ startsAt: world.clock.now, endsAt, by: 'omar', version: 1 });
    expect(await stopOf(desk, first)).toEqual({
      step: 'silence',
      stop: { silenceId: made.id, by: 'omar', reason: 'Belt 1 is repaired', until: endsAt },
    });
    for (const other of alerts.filter(({ id }) => id !== first.id)) expect(await stopOf(desk, other)).toBeNull();

    world.clock.now = endsAt;
    expect(await stopOf(desk, first)).toBeNull();
    // It stays on the list for a while after its end.
    expect((await call(desk.service, policies.list, {})).silences).toEqual([made]);
    world.clock.now += 31 * 24 * hourMs;
    expect((await call(desk.service, policies.list, {})).silences).toEqual([]);
  });

  test('a silence can be changed and ended; both are recorded, and a change based on an older version is refused', async () => {
    const { world, desk, first } = await slowBelts();
    const endsAt = world.clock.now + hourMs;
    const content = { matchers: belt1, endsAt, reason: 'Belt 1 is repaired' };
    const { id } = await silence(desk, content);
    const params = { id };
    const update = (changes: object, version: number) =>
      call(desk.service, policies.updateSilence, { params, body: { ...content, ...changes, version } });
    const longer = await update({ endsAt: endsAt + hourMs }, 1);
    expect(longer).toMatchObject({ endsAt: endsAt + hourMs, by: 'sara', version: 2 });
    // The same change once more: its first reply may have been lost.
    expect(await update({ endsAt: endsAt + hourMs }, 1)).toEqual(longer);
    await expect(update({ reason: 'Something else' }, 1)).rejects.toMatchObject({ code: 'version_conflict', field: 'version' });

    world.clock.now += minuteMs;
    expect(await call(desk.service, policies.endSilence, { params })).toMatchObject({ endsAt: world.clock.now, version: 3 });
    expect(await stopOf(desk, first)).toBeNull();
    expect(await call(desk.service, policies.endSilence, { params })).toMatchObject({ version: 3 });
    await expect(update({}, 3)).rejects.toMatchObject({ code: 'conflict' });
    expect((await audited(desk, id)).map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      'omar silence.created',
      'sara silence.updated',
      'sara silence.updated',
    ]);
    expect(await policyEvents(desk)).toEqual(['silence omar', 'silence sara', 'silence sara']);
  });

  test('a preview lists exactly the alerts that a silence with its matchers stops', async () => {
    const { world, desk, alerts } = await slowBelts();
    const matcher = fc.record({
      name: fc.constantFrom('segment', 'severity', 'alertname', 'site'),
      operator: fc.constantFrom('=' as const, '!=' as const, '=~' as const, '!~' as const),
      value: fc.constantFrom('', 'belt-1', 'belt-[12]', 'CRITICAL', 'Belt speed low', '.+'),
    });
    const drawn = fc.sample(fc.array(matcher, { minLength: 1, maxLength: 3 }), { numRuns: 25, seed: 7 });
    let compared = 0;
    for (const matchers of drawn) {
      const body = { matchers, endsAt: world.clock.now + hourMs, reason: 'A try' };
      const refusal = (error: unknown) => ({ error });
      const preview = await call(desk.service, policies.preview, { body: { matchers } }).catch(refusal);
      const made = await silence(desk, body).catch(refusal);
      expect('error' in preview).toBe('error' in made);
      if ('error' in preview || 'error' in made) continue;
      const stopped: string[] = [];
      for (const alert of alerts) if ((await stopOf(desk, alert)) !== null) stopped.push(alert.id);
      expect(preview.alerts.map(({ id }) => id).sort()).toEqual(stopped.sort());
      expect(preview).toMatchObject({ firing: stopped.length, lastWeek: stopped.length });
      await call(desk.service, policies.endSilence, { params: { id: made.id } });
      compared += 1;
    }
    expect(compared).toBeGreaterThan(10);
  });

  test('a maintenance window opens and closes by the clock of its zone', async () => {
    const { world, desk, first } = await slowBelts();
    // 1,700,000,000 s is 23:13:20 in Berlin.
    const body = {
      name: 'Every night',
      matchers: belt1,
      timeZone: 'Europe/Berlin',
      startsAt: '2023-11-01T23:30',
      durationMs: hourMs,
      recurrence: 'FREQ=DAILY',
      reason: 'Backups run',
    };
    const { id } = await call(desk.service, policies.createMaintenance, { body });
    expect(await stopOf(desk, first)).toBeNull();
    world.clock.now += 30 * minuteMs;
    expect(await stopOf(desk, first)).toMatchObject({ step: 'maintenance', stop: { name: 'Every night', reason: 'Backups run' } });
    await call(desk.service, policies.updateMaintenance, { params: { id }, body: { ...body, durationMs: 5 * minuteMs, version: 1 } });
    expect(await stopOf(desk, first)).toBeNull();
    await call(desk.service, policies.removeMaintenance, { params: { id } });
    expect((await call(desk.service, policies.list, {})).maintenance).toEqual([]);
  });

  test('an inhibition stops its targets while its source fires', async () => {
    const { desk, first } = await slowBelts();
    const body = { name: 'One belt is enough', source: belt1, target: [is('alertname', 'Belt speed low')], equal: ['alertname'] };
    const { id } = await call(desk.service, policies.createInhibition, { body });
    const [other] = (await firing(desk)).filter((one) => one.id !== first.id);
    if (other === undefined) expect.fail('only one alert fires');
    expect(await stopOf(desk, other)).toMatchObject({ step: 'inhibition', stop: { inhibitionId: id, sourceId: first.id } });
    expect(await stopOf(desk, first)).toBeNull();
    await call(desk.service, policies.removeInhibition, { params: { id } });
    expect(await stopOf(desk, other)).toBeNull();
  });

  test('what can’t be meant is refused with the field and the fix', async () => {
    const { world, desk } = await slowBelts();
    const ahead = world.clock.now + hourMs;
    const reason = 'A try';
    const refused = (body: z.input<typeof silenceInput>) => expect(silence(desk, body)).rejects;
    await refused({ matchers: [is('a', 'b'), { name: 'c', operator: '=~', value: '(' }], endsAt: ahead, reason }).toMatchObject({
      field: 'matchers.1.value',
    });
    await refused({ matchers: [{ name: 'a', operator: '!=', value: 'b' }], endsAt: ahead, reason }).toMatchObject({ field: 'matchers' });
    await refused({ matchers: belt1, endsAt: world.clock.now - 1, reason }).toMatchObject({ field: 'endsAt' });
    await refused({ matchers: belt1, startsAt: ahead, endsAt: ahead, reason }).toMatchObject({ field: 'endsAt' });
    await refused({ matchers: belt1, endsAt: ahead + 91 * 24 * hourMs, reason }).toMatchObject({ field: 'endsAt' });
    const window = { name: 'n', matchers: belt1, timeZone: 'UTC', startsAt: '2026-02-30T01:00', durationMs: hourMs, reason };
    await expect(call(desk.service, policies.createMaintenance, { body: window })).rejects.toMatchObject({ field: 'startsAt' });
    const hourly = { ...window, startsAt: '2026-02-20T01:00', recurrence: 'FREQ=HOURLY' };
    await expect(call(desk.service, policies.createMaintenance, { body: hourly })).rejects.toMatchObject({ field: 'recurrence' });
    expect(await call(desk.service, policies.list, {})).toEqual({ silences: [], maintenance: [], inhibitions: [] });
  });
});
