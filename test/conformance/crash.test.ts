import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { openBus } from '#backend/engines/bus/open.ts';
import type { DatabaseLocation } from '#backend/engines/database/open.ts';
import type { Database } from '#backend/engines/database/port.ts';
import { openSignalStore } from '#backend/engines/signals/open.ts';
import { isExploring, randomFrom, seed } from '../support/chance.ts';
import { type Adapter, onPostgres, onSqlite, silent } from './adapters.ts';

const random = randomFrom(seed);
/** How many kills for each one in `npm test`. */
const times = isExploring ? 5 : 1;

interface Acknowledged {
  points: number;
  transactions: number;
  /** The error that ended the writer, if it was not killed. */
  failed?: string;
}

/** Runs the writer until `strike` after a random time; in the first round not before both kinds were stored, however slow the machine is. @returns how many of each it was told are stored */
async function writeUntil(location: DatabaseLocation, round: number, strike: (pid: number) => Promise<void>): Promise<Acknowledged> {
  const child = spawn(process.execPath, [new URL('./crash-child.ts', import.meta.url).pathname, JSON.stringify(location), String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const done: Acknowledged = { points: 0, transactions: 0 };
  const gone = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const closed = once(lines, 'close');
  await new Promise<void>((resolve) => {
    lines.on('close', resolve);
    lines.on('line', (line) => {
      const [what, n] = line.split(' ');
      if (what === 'points') done.points = Number(n) + 1;
      if (what === 'failed') done.failed = line;
      if (what === 'transaction') done.transactions = Number(n) + 1;
      if (round > 0 || (done.points > 1 && done.transactions > 1)) resolve();
    });
  });
  await new Promise((resolve) => setTimeout(resolve, 20 + random() * 300));
  await strike(child.pid ?? 0);
  await Promise.all([gone, closed]);
  return done;
}

/** Checks that everything acknowledged is stored once and completely; at most the interrupted write may be stored in addition. */
async function check(database: Database, rounds: Acknowledged[]): Promise<void> {
  const signals = openSignalStore(database);
  const bus = await openBus(database, silent);
  const events: string[] = [];
  for (let after = '0'; ; ) {
    const batch = (await bus.replay(after, 1_000)) ?? [];
    for (const event of batch) events.push((event.payload as { ruleCode: string }).ruleCode);
    const last = batch.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  await bus.close();
  const rows = (await database.query.selectFrom('meta').select('key').execute())
    .map(({ key }) => key)
    .filter((key) => /^\d+-\d+$/.test(key));
  expect([...events].sort()).toEqual([...rows].sort());
  expect(new Set(events).size).toBe(events.length);

  for (const [round, done] of rounds.entries()) {
    const stored = rows.filter((key) => key.startsWith(`${round}-`)).length;
    expect([done.transactions, done.transactions + 1]).toContain(stored);
    const selector = { from: 'metric' as const, name: 'crash', labels: { round: String(round) } };
    const [line] = await signals.query({ selector, from: 0, to: 1e12, aggregation: 'raw', bucketMs: 0, maxPoints: 1_000_000 });
    const batches = (line?.t.length ?? 0) / 50;
    expect([done.points, done.points + 1]).toContain(batches);
    expect([...(line?.t ?? [])]).toEqual(Array.from({ length: batches * 50 }, (_, i) => i));
  }
}

async function crash(
  adapter: Adapter,
  count: number,
  strike: (pid: number) => Promise<void>,
  repair = async () => {},
): Promise<Acknowledged[]> {
  const location = await adapter.fresh();
  const rounds: Acknowledged[] = [];
  for (let round = 0; round < count; round++) {
    rounds.push(await writeUntil(location, round, strike));
    await repair();
  }
  await check(await adapter.open(location), rounds);
  // The writer did write: a test of nothing would pass as well.
  expect(rounds.some(({ points, transactions }) => points > 1 && transactions > 1)).toBe(true);
  return rounds;
}

const killWriter = async (pid: number) => void process.kill(pid, 'SIGKILL');

onSqlite('crash of the writer', (adapter) => {
  it('keeps what was acknowledged through many kills', async () => void (await crash(adapter, 6 * times, killWriter)), 180_000);
});

onPostgres('crash', (adapter) => {
  it(
    'of the writer keeps what was acknowledged, through many kills',
    async () => void (await crash(adapter, 4 * times, killWriter)),
    180_000,
  );
  it('of the server keeps what was acknowledged, through several kills', async () => {
    const rounds = await crash(
      adapter,
      2 * times,
      () => adapter.server().kill(),
      () => adapter.server().start(),
    );
    // The writer got an error that names the server, and did not crash.
    for (const { failed } of rounds) expect(failed).toMatch(/AppError: The database at .* (cannot be reached|is shutting down)/);
  }, 180_000);
});
