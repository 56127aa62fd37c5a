import { afterAll, beforeAll, expect, test } from 'vitest';
import { ruleInput } from '#common/contract/rules.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';

/** Rules through the console's core, against the real backend, and offline. */
const backendFolder = temporaryFolder();
const consoleFolder = temporaryFolder();
let backend: TestBackend;
let core: TestConsole;
let connectionId: string;

beforeAll(async () => {
  backend = await startBackend({ dataDir: backendFolder.path, args: ['--conveyor'] });
  core = await openTestConsole(consoleFolder.path, backend.url);
  ({ id: connectionId } = await core.connection());
  await eventually('the connection is live', async () => (await core.connection()).state === 'live', 60_000);
});
afterAll(async () => {
  await core.close();
  await backend.stop();
  backendFolder.remove();
  consoleFolder.remove();
});

const alerts = () => core.handlers.alerts;
const find = async (code: string) => (await alerts().rules({ connectionId }, neverAborts)).rules.find((rule) => rule.code === code) ?? null;
const firings = (code: string) => alerts().ruleFirings({ connectionId, code }, neverAborts);
const setStatus = (code: string, status: 'ACTIVE' | 'PAUSED') => alerts().setRuleStatus({ connectionId, code, status }, neverAborts);
const problemOf = (work: Promise<unknown> | unknown) =>
  Promise.resolve(work).then(
    () => 'nothing was refused',
    (error: { code?: string }) => error.code,
  );

/** A rule that is true of one belt at once. */
const belt1Rule = (code: string) =>
  ruleInput.parse({
    code,
    name: 'Always',
    chartCode: 'belt-speed',
    matchLabels: { segment: 'belt-1' },
    conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 60_000, operator: '>', threshold: -1 }],
    severity: 'WARNING',
    owner: 'Line team',
    evaluateEveryMs: 1_000,
  });
const fires = (code: string) => eventually('it has fired once', async () => (await find(code))?.firedLastWeek === 1, 60_000);
const create = (code: string) => alerts().createRule({ connectionId, rule: belt1Rule(code) }, neverAborts);

test('a rule is created, paused, resumed and deleted; each change is in the list at once', async () => {
  expect(await create('always')).toMatchObject({ version: 1, owner: 'Line team' });
  await fires('always');
  expect((await firings('always')).value).toMatchObject([{ severity: 'WARNING', cause: 'condition', resolvedAt: null }]);

  expect(await setStatus('always', 'PAUSED')).toMatchObject({ enabled: false, version: 2, statuses: [] });
  expect(await find('always')).toMatchObject({ enabled: false, statuses: [] });
  await eventually('the firing is resolved', async () => (await firings('always')).value[0]?.resolvedAt !== null);
  expect(await setStatus('always', 'ACTIVE')).toMatchObject({ enabled: true, version: 3 });

  const before = core.received.length;
  await alerts().removeRule({ connectionId, code: 'always' }, neverAborts);
  expect(await find('always')).toBeNull();
  expect(core.received.slice(before).map(({ service, event }) => `${service}.${event}`)).toContain('alerts.rulesChanged');
  expect(await problemOf(setStatus('always', 'ACTIVE'))).toBe('not_found');
});

test('offline the list and the firings are readable with their age, and every change is refused', async () => {
  await create('kept');
  await fires('kept');
  const before = await find('kept');
  const fired = (await firings('kept')).value;
  expect(fired).toHaveLength(1);
  await backend.kill();
  await eventually('contact is lost', async () => (await core.connection()).state === 'offline', 60_000);

  // Not only from memory: a console that starts now knows as much.
  await core.close();
  core = await openTestConsole(consoleFolder.path, backend.url);
  expect(await find('kept')).toMatchObject({ code: 'kept', version: before?.version, firedLastWeek: 1 });
  const { value, asOf } = await firings('kept');
  expect(value.map(({ id }) => id)).toEqual(fired.map(({ id }) => id));
  expect(asOf).toBeLessThan(Date.now());
  expect(await problemOf(setStatus('kept', 'PAUSED'))).toBe('unavailable');
  expect(await problemOf(alerts().removeRule({ connectionId, code: 'kept' }, neverAborts))).toBe('unavailable');
  expect(await problemOf(create('never'))).toBe('unavailable');
});
