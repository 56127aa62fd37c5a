import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { api } from '#common/contract/api.ts';
import { addChart, addRule, call, firing, measure, openReplica, speedChart, speedRule, told } from './alerting-world.ts';

async function startProcess(file: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'alerting-process.ts'), file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout ?? child, 'data');
  return child;
}

it('goes on after kill -9 as if it had never stopped: timers kept, nothing fired twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'watchfloor-alerting-'));
  const file = join(folder, 'watchfloor.db');
  const here = await openReplica({ file }, () => Date.now());
  let child: ChildProcess | null = null;
  const kill = async () => {
    if (child === null || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  try {
    await addChart(here.engines, speedChart);
    // All of the test lies within the window, so nothing but the processes under test has to go on meanwhile.
    await measure(here.engines, { 'belt-1': 0.1 }, 20);
    const condition = {
      kind: 'threshold' as const,
      aggregation: 'avg' as const,
      windowMs: 600_000,
      operator: '<' as const,
      threshold: 0.6,
    };
    const rule = speedRule({ evaluateEveryMs: 3_000, forMs: 18_000, condition });
    await addRule(here.engines.database, rule);
    const status = async () => (await call(here.service, api.rules.get, { params: { code: rule.code } })).statuses[0];

    child = await startProcess(file);
    await expect.poll(status, { timeout: 10_000 }).toMatchObject({ state: 'PENDING' });
    const since = (await status())?.since ?? Number.NaN;
    for (let kills = 0; kills < 2; kills += 1) {
      const before = (await status())?.evaluatedAt ?? Number.NaN;
      await kill();
      child = await startProcess(file);
      await expect.poll(async () => (await status())?.evaluatedAt, { timeout: 20_000 }).toBeGreaterThan(before);
      expect((await status())?.since).toBe(since);
    }
    await expect.poll(() => firing(here), { timeout: 20_000, interval: 200 }).toHaveLength(1);
    const [alert] = await firing(here);
    expect(alert?.startedAt).toBe(since);
    expect((alert?.firedAt ?? 0) - since).toBeGreaterThanOrEqual(18_000);

    await kill();
    child = await startProcess(file);
    const firedAt = alert?.firedAt ?? Number.NaN;
    await expect.poll(async () => (await status())?.evaluatedAt, { timeout: 20_000 }).toBeGreaterThan(firedAt + 4_000);
    expect((await told(here)).filter((event) => event === 'alert.triggered fired')).toHaveLength(1);
  } finally {
    await kill();
    await here.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
