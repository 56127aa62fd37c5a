import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { BackendProcess, type BackendProcessOptions } from './backend-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-part-'));
const parts: BackendProcess[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(parts.splice(0).map((part) => part.stop()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
/** A real process that runs the given lines. */
function partOf(lines: string[], over: Partial<BackendProcessOptions> = {}): BackendProcess {
  files += 1;
  const file = join(folder, `part-${files}.mjs`);
  writeFileSync(file, lines.join('\n'));
  const part = new BackendProcess({
    name: 'agent',
    node: process.execPath,
    command: () => ({ args: [file], env: {} }),
    onReady: () => {},
    onChange: () => {},
    now: Date.now,
    restart: { firstMs: 100, maxMs: 250 },
    ...over,
  });
  parts.push(part);
  return part;
}

const ready = `process.stdout.write(JSON.stringify({ event: 'ready', pid: process.pid }) + '\\n');`;
const stay = 'setInterval(() => {}, 1000);';
const log = (level: number, msg: string) =>
  `process.stderr.write(JSON.stringify({ level: ${level}, time: 0, msg: ${JSON.stringify(msg)} }) + '\\n');`;
const lives = (pid: number | null) => {
  try {
    return pid !== null && process.kill(pid, 0);
  } catch {
    return false;
  }
};
async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !what(); ) {
    if (Date.now() > end) throw new Error(`Not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('is running after its ready line, and its log is readable', async () => {
  const part = partOf([log(30, 'hello'), 'await new Promise((r) => setTimeout(r, 100));', ready, stay]);
  const starting = part.start();
  expect(part.status).toMatchObject({ state: 'starting', startedInMs: null });
  await starting;
  expect(part.status).toMatchObject({ state: 'running', problem: null });
  // Log and ready line come through different pipes.
  await until(() => part.status.lastLine === 'hello');
  expect(part.status.startedInMs).toBeGreaterThanOrEqual(100);
  expect(part.lines(10)).toEqual(['1970-01-01T00:00:00.000Z info  hello']);
});

test('starting twice is starting once', async () => {
  const part = partOf([ready, stay]);
  await Promise.all([part.start(), part.start()]);
  const { pid } = part.status;
  await part.start();
  expect(part.status.pid).toBe(pid);
});

test('stops on request, and stays stopped', async () => {
  const part = partOf([ready, stay]);
  await part.start();
  const { pid } = part.status;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await part.stop();
  expect(part.status).toMatchObject({ state: 'stopped', pid: null, problem: null });
  expect(lives(pid)).toBe(false);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(part.status.state).toBe('stopped');
});

test('one that ignores the request is killed after 4 s', async () => {
  const part = partOf([`process.on('SIGTERM', () => {});`, ready, stay]);
  await part.start();
  const { pid } = part.status;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const stopping = part.stop();
  await vi.advanceTimersByTimeAsync(3_999);
  expect(lives(pid)).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  await stopping;
  expect(lives(pid)).toBe(false);
});

test('one that dies is restarted at the announced time', async () => {
  const part = partOf([ready, stay], { restart: { firstMs: 400, maxMs: 400 } });
  await part.start();
  const { pid } = part.status;
  process.kill(pid ?? 0, 'SIGKILL');
  await until(() => part.status.state === 'failed');
  expect(part.status.problem).toMatchObject({ reason: 'part_killed', message: 'The process was ended by SIGKILL.' });
  const { restartAt } = part;
  expect((restartAt ?? 0) - Date.now()).toBeGreaterThan(200);
  await until(() => part.status.state === 'running');
  expect(Date.now()).toBeGreaterThanOrEqual(restartAt ?? Number.POSITIVE_INFINITY);
  expect(part.status.pid).not.toBe(pid);
  expect(part.restartAt).toBeNull();
});

test('a start on request does not wait for that time', async () => {
  const part = partOf([ready, stay], { restart: { firstMs: 60_000, maxMs: 60_000 } });
  await part.start();
  process.kill(part.status.pid ?? 0, 'SIGKILL');
  await until(() => part.status.state === 'failed');
  await part.start();
  expect(part.status.state).toBe('running');
});

test('the wait grows up to its limit', async () => {
  const waits: number[] = [];
  const part: BackendProcess = partOf(['process.exit(3);'], {
    onChange: () => {
      if (part?.status.state === 'failed' && part.restartAt) waits.push(part.restartAt - part.status.since);
    },
  });
  await expect(part.start()).rejects.toThrow('ended with status 3');
  await until(() => waits.length >= 4);
  expect(waits.slice(0, 4)).toEqual([100, 200, 250, 250]);
});

test('a failed start is reported with the process’s own message', async () => {
  const part = partOf([`process.stderr.write('watchfloor agent: The folder is full.\\n  Free some space.\\n');`, 'process.exitCode = 1;']);
  await expect(part.start()).rejects.toMatchObject({ code: 'unavailable', message: 'The process ended: The folder is full.' });
});

test('a crash is reported with its error, not its stack', async () => {
  const part = partOf([`throw new RangeError('too far');`]);
  await expect(part.start()).rejects.toThrow('The process ended: RangeError: too far');
});

test('an invalid ready line is a failed start, and the process is ended', async () => {
  let pid: number | null = null;
  const part: BackendProcess = partOf([ready, stay], {
    onReady: () => {
      pid = part.status.pid;
      throw new Error('no address');
    },
  });
  await expect(part.start()).rejects.toThrow('can’t read what it reported');
  expect(lives(pid)).toBe(false);
});

test('Node that is not there is named', async () => {
  const part = partOf([], { node: '/nowhere/node' });
  await expect(part.start()).rejects.toThrow(/couldn’t be started: .*\/nowhere\/node/);
});

test('stopped while it starts: the start is rejected with that reason', async () => {
  const part = partOf([stay]);
  const starting = part.start();
  await until(() => part.status.pid !== null);
  const [start] = await Promise.allSettled([starting, part.stop()]);
  expect(start).toMatchObject({ status: 'rejected', reason: { message: 'The process was stopped while it was starting.' } });
  expect(part.status.state).toBe('stopped');
});

test('started while it stops: it stops first, then runs again', async () => {
  const part = partOf([`process.on('SIGTERM', () => setTimeout(() => process.exit(0), 200));`, ready, stay]);
  await part.start();
  const { pid } = part.status;
  const stopping = part.stop();
  await part.start();
  await stopping;
  expect(part.status.state).toBe('running');
  expect(part.status.pid).not.toBe(pid);
  expect(lives(pid)).toBe(false);
});

test('the console’s own secrets only reach processes that get them explicitly', async () => {
  process.env['WATCHFLOOR_ADMIN_PASSWORD'] = 'hunter2 hunter2';
  try {
    const part = partOf([`process.stderr.write(Object.keys(process.env).join(' ') + '\\n');`, ready, stay], {});
    await part.start();
    await until(() => part.lines(1).length > 0);
    expect(part.lines(1)[0]).toContain('WATCHFLOOR_SUPERVISED');
    expect(part.lines(1)[0]).not.toContain('WATCHFLOOR_ADMIN_PASSWORD');
  } finally {
    delete process.env['WATCHFLOOR_ADMIN_PASSWORD'];
  }
});

test('no more than a thousand lines are kept', async () => {
  const part = partOf([`for (let i = 0; i < 1500; i += 1) process.stderr.write('line ' + i + '\\n');`, ready, stay]);
  await part.start();
  await until(() => part.lines(1)[0] === 'line 1499');
  expect(part.lines(5_000)).toHaveLength(1_000);
  expect(part.lines(2)).toEqual(['line 1498', 'line 1499']);
});
