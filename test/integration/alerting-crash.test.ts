import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { api } from '#common/contract/api.ts';
import { addChart, addRule, alertEvents, call, firing, measure, openReplica, speedChart, speedRule } from './alerting-world.ts';

async function startProcess(file: string, now: number): Promise<ChildProcess> {
  const args = [join(import.meta.dirname, 'alerting-process.ts'), file, `${now}`];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout ?? child, 'data');
  return child;
}

it('continues after kill -9 as if it had never stopped: timers are kept, nothing fires twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'watchfloor-alerting-'));
  const file = join(folder, 'watchfloor.db');
  const here = await openReplica({ file }, () => Date.now());
  let child: ChildProcess | null = null;
  const kill = async () => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const leases = here.engines.database.query.selectFrom('leases').select('name');
  /** Kills the process and waits for the end of its lease, which is on the computer's clock: the next one evaluates at once. */
  const killAndExpire = async () => {
    await kill();
    await expect.poll(() => leases.where('expires_at', '>', Date.now()).execute()).toEqual([]);
  };
  try {
    await addChart(here.engines, speedChart);
    // The whole test is shorter than the window, so only the tested processes need to run.
    await measure(here.engines, { 'belt-1': 0.1 }, 20);
    const condition = {
      kind: 'threshold' as const,
      aggregation: 'avg' as const,
      windowMs: 600_000,
      operator: '<' as const,
      threshold: 0.6,
    };
    // A process that is killed keeps its lease of the rule for two evaluations.
    const rule = speedRule({ evaluateEveryMs: 1_000, forMs: 9_000, conditions: [condition] });
    await addRule(here.engines.database, rule);
    const status = async () => (await call(here.service, api.rules.get, { params: { code: rule.code } })).statuses[0];

    const evaluatedAt = () => expect.poll(async () => (await status())?.evaluatedAt);
    // Evaluations no further apart than this count as unbroken.
    const stepMs = 3 * rule.evaluateEveryMs;

    const since = Date.now();
    let now = since;
    child = await startProcess(file, now);
    await evaluatedAt().toBe(now);
    expect(await status()).toMatchObject({ state: 'PENDING', since });
    for (let kills = 0; kills < 2; kills += 1) {
      await killAndExpire();
      now += stepMs;
      child = await startProcess(file, now);
      await evaluatedAt().toBe(now);
      expect(await status()).toMatchObject({ state: 'PENDING', since });
    }
    now += stepMs;
    child.stdin?.write(`${now}\n`);
    await expect.poll(() => firing(here)).toMatchObject([{ startedAt: since, firedAt: since + rule.forMs }]);

    await killAndExpire();
    now += stepMs;
    child = await startProcess(file, now);
    await evaluatedAt().toBe(now);
    expect((await alertEvents(here)).filter((event) => event === 'alert.triggered fired')).toHaveLength(1);
  } finally {
    await kill();
    await here.close();
    await rm(folder, { recursive: true, force: true });
  }
});
