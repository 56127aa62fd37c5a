import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli, type SignedIn, startBackend, type TestBackend } from '../support/backend.ts';
import { makeFolder, until } from './loaders-world.ts';

const intervalMs = 1_000;
let folder: string;
let remove: () => void;
let backend: TestBackend | undefined;
const agents: ChildProcess[] = [];

beforeEach(() => {
  ({ folder, remove } = makeFolder());
});
afterEach(async () => {
  for (const agent of agents.splice(0)) await end(agent);
  await backend?.stop();
  backend = undefined;
  remove();
});

/** A port stays the backend's across a restart, as an agent's address does. */
const startAt = (port: number) => startBackend({ dataDir: join(folder, 'backend'), args: ['--no-conveyor', '--port', String(port)] });
const buffered = () => {
  const path = join(folder, 'agent', 'agent-buffer');
  return readdirSync(path).flatMap((name) =>
    readFileSync(join(path, name), 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as { batchId: string; metrics: { name: string; points: [number, number][] }[] }),
  );
};

function startAgent(url: string, env: Record<string, string> = {}): { process: ChildProcess; log: () => string } {
  const agent = runCli(['agent', '--backend', url, '--data', join(folder, 'agent'), '--interval', String(intervalMs), '--json'], env);
  let log = '';
  agent.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  agents.push(agent);
  return { process: agent, log: () => log };
}

async function end(agent: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
  if (agent.exitCode !== null || agent.signalCode !== null) return agent.exitCode;
  const exited = once(agent, 'exit') as Promise<[number | null]>;
  agent.kill(signal);
  return (await exited)[0];
}

/** One sign-in for each backend: a password costs more than the question. */
const readers = new WeakMap<TestBackend, Promise<SignedIn>>();
function readerOf(on: TestBackend): Promise<SignedIn> {
  const reader = readers.get(on) ?? on.login('VIEWER');
  readers.set(on, reader);
  return reader;
}

/** Times at which the load was measured, as the backend has them. */
async function storedTimes(on: TestBackend): Promise<number[]> {
  const { client } = await readerOf(on);
  const { results } = await client.charts.data({
    body: {
      queries: [
        { selector: { from: 'metric', name: 'host_load1', labels: {} }, aggregation: 'raw', from: 0, to: Date.now() + 60_000, bucketMs: 0 },
      ],
    },
  });
  const result = results[0];
  return result?.ok ? result.series.flatMap((series) => series.t) : [];
}

it('delivers what it measures, and keeps nothing afterwards', async () => {
  backend = await startBackend({ dataDir: join(folder, 'backend') });
  const agent = startAgent(backend.url);
  const on = backend;
  await until('points are stored', async () => (await storedTimes(on)).length >= 3, 60_000);
  await until('the buffer is empty', () => buffered().length === 0);
  const { client } = await readerOf(on);
  const names = new Set((await client.metrics.series()).items.map(({ name }) => name));
  for (const name of ['host_cpu_percent', 'host_memory_percent', 'host_memory_used_bytes', 'host_load1']) expect(names).toContain(name);
  expect(await end(agent.process, 'SIGTERM')).toBe(0);
}, 60_000);

it('killed with a full buffer while the backend is down: everything arrives, once and in order', async () => {
  backend = await startBackend({ dataDir: join(folder, 'backend') });
  const port = Number(new URL(backend.url).port);
  const first = startAgent(backend.url);
  const on = backend;
  await until('it ships', async () => (await storedTimes(on)).length >= 1, 60_000);
  await backend.kill();
  await until('it keeps what it measures', () => buffered().length >= 4, 60_000);
  await end(first.process, 'SIGKILL');
  const kept = buffered();

  startAgent(`http://127.0.0.1:${port}`);
  await until('it measures on', () => buffered().length > kept.length + 1, 60_000);
  const waiting = buffered();
  backend = await startAt(port);
  const again = backend;
  await until('everything is delivered', () => buffered().length === 0, 60_000);

  const times = await storedTimes(again);
  expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  for (const { metrics } of waiting) {
    const at = metrics.find(({ name }) => name === 'host_load1')?.points[0]?.[0];
    expect(times).toContain(at);
  }
}, 120_000);

it('a batch that is delivered twice is stored once', async () => {
  backend = await startBackend({ dataDir: join(folder, 'backend') });
  const body = {
    batchId: '01890a5d-ac96-774b-bcce-b302099a8057',
    metrics: [{ name: 'host_load1', labels: { host: 'x' }, points: [[1_700_000_000_000, 1] as [number, number]] }],
  };
  await backend.agent.metrics.ingest({ body });
  await backend.agent.metrics.ingest({ body });
  expect(await storedTimes(backend)).toEqual([1_700_000_000_000]);
}, 60_000);

it('reports what is wrong with its key, and keeps its measurements', async () => {
  const running = await startBackend({ dataDir: join(folder, 'backend') });
  backend = running;
  const agent = startAgent(running.url, { WATCHFLOOR_AGENT_KEY: 'not the key of anyone' });
  await until('it says so', () => agent.log().includes('measurements cannot be delivered'), 60_000);
  expect(agent.log()).not.toContain('not the key of anyone');
  await until('it keeps them', () => buffered().length >= 2, 60_000);
  await end(agent.process, 'SIGTERM');
  const kept = buffered().length;
  startAgent(running.url);
  await until('with the right key they are delivered', () => buffered().length === 0, 60_000);
  await until('they are stored', async () => (await storedTimes(running)).length >= kept, 60_000);
}, 90_000);
