import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProducer } from '#backend/conveyor/producer.ts';
import { type Engines, withoutTables } from '#backend/engines/port.ts';
import { openEngines } from '#backend/engines.ts';
import { makeConveyor } from '#backend/services/conveyor/index.ts';
import { type Commit, commitUnrecorded, type Service } from '#backend/services/service.ts';
import { type ConveyorStatus, conveyor } from '#common/contract/conveyor.ts';
import type { EndpointShape } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';
import { makeLocalPeers } from '../support/peers.ts';
import { makeFolder } from './loaders-world.ts';

const log = pino({ level: 'silent' });
let folder: string;
let remove: () => void;
let file: string;
let engines: Engines;
let close: () => Promise<void>;
let service: Service;
let announced: ConveyorStatus[];
let clock: ManualClock;

beforeEach(async () => {
  ({ folder, remove } = makeFolder());
  file = `${folder}/conveyor.db`;
  ({ engines, close } = await openEngines({ data: folder, databaseUrl: undefined, masterKey: undefined, log }));
  announced = [];
  engines.bus.onAnnounced(({ type, payload }) => {
    if (type === 'conveyor.changed') announced.push(payload as ConveyorStatus);
  });
  clock = manualClock();
  // The work that the service does every 2 s runs when the test advances these timers.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  service = makeConveyor(file)({ ...withoutTables(engines), now: clock.now }, makeLocalPeers(engines, []));
  await service.start();
});
afterEach(async () => {
  await service.stop();
  vi.useRealTimers();
  await close();
  remove();
});

async function call(endpoint: EndpointShape, request: { params?: object; body?: object; commit?: Commit } = {}): Promise<ConveyorStatus> {
  const route = service.routes.find((each) => each.endpoint === endpoint);
  const full = {
    commit: commitUnrecorded,
    ...request,
    caller: { id: 'x', name: 'sara', role: 'OPERATOR' },
    requestId: 'test',
    signal: new AbortController().signal,
  };
  return conveyor.status.reply.parse(await route?.handler(full as never));
}

async function whileProducing(work: () => Promise<void>, historyMs = 0): Promise<void> {
  const stopping = new AbortController();
  const producing = runProducer({ file, signal: stopping.signal, log, periodMs: 500, historyMs, ...clock });
  try {
    await work();
  } finally {
    stopping.abort();
    await producing;
  }
}

describe('the conveyor', () => {
  it('gives a hint if it has never run', async () => {
    await expect(call(conveyor.status)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('has not run yet'),
      hint: expect.stringContaining('npm start'),
    });
    await expect(call(conveyor.producer, { body: { running: true } })).rejects.toMatchObject({ code: 'unavailable' });
    expect(await service.health()).toMatchObject({ status: 'degraded', detail: expect.stringContaining('has not run yet') });
  });

  it('shows belts and readings, and that the producer runs, is stopped, or is down', async () => {
    await whileProducing(async () => {
      const status = await call(conveyor.status);
      expect(status).toMatchObject({ producer: 'running', periodMs: 500 });
      expect(status.belts.map((belt) => [belt.code, belt.name])).toEqual([
        ['belt-1', 'Inbound'],
        ['belt-2', 'Sorting'],
        ['belt-3', 'Outbound'],
      ]);
      for (const belt of status.belts) {
        expect(belt.fault).toBeNull();
        expect(belt.reading?.speed).toBeGreaterThan(0.3);
        expect(belt.reading?.at).toBe(clock.now());
      }
      expect((await call(conveyor.producer, { body: { running: false } })).producer).toBe('stopped');
      const last = (await call(conveyor.status)).lastWriteAt;
      await clock.advance(60_000);
      expect((await call(conveyor.status)).lastWriteAt).toBe(last);
      expect((await call(conveyor.producer, { body: { running: true } })).producer).not.toBe('stopped');
      await clock.step();
      expect((await call(conveyor.status)).producer).toBe('running');
    });
    await clock.advance(60_000);
    expect((await call(conveyor.status)).producer).toBe('down');
  });

  it('has the injected faults, shows who injected them, and recovers', async () => {
    await whileProducing(async () => {
      const injected = await call(conveyor.inject, { params: { belt: 'belt-2' }, body: { kind: 'stop' } });
      expect(injected.belts[1]?.fault).toMatchObject({ kind: 'stop', by: 'sara' });
      await clock.step();
      expect((await call(conveyor.status)).belts[1]?.reading?.speed).toBe(0);
      expect((await call(conveyor.status)).belts[0]?.reading?.speed).toBeGreaterThan(0.3);

      await call(conveyor.inject, { params: { belt: 'belt-2' }, body: { kind: 'bad_data' } });
      // Each of its columns is bad by chance: within a minute all are at once.
      for (let i = 0; i < 120 && (await call(conveyor.status)).belts[1]?.reading !== null; i++) await clock.step();
      expect((await call(conveyor.status)).belts[1]?.reading).toBeNull();

      expect((await call(conveyor.clear, { params: { belt: 'belt-2' } })).belts[1]?.fault).toBeNull();
      await clock.step();
      expect((await call(conveyor.status)).belts[1]?.reading?.speed).toBeGreaterThan(0.3);
    });
    const written = await engines.database.query
      .selectFrom('audit')
      .select(['actor', 'action', 'entity', 'detail'])
      .orderBy('id')
      .execute();
    expect(written).toEqual([
      { actor: 'sara', action: 'conveyor.fault_injected', entity: 'belt-2', detail: '{"kind":"stop"}' },
      { actor: 'sara', action: 'conveyor.fault_injected', entity: 'belt-2', detail: '{"kind":"bad_data"}' },
      { actor: 'sara', action: 'conveyor.fault_cleared', entity: 'belt-2', detail: '{}' },
    ]);
  });

  it('audits a change in the transaction that stores its reply: a request that was taken over by a repeat leaves no entry', async () => {
    const takenOver: Commit = (database, work) =>
      database.transaction(async (tx) => {
        await work(tx);
        throw new AppError('conflict', 'The first request with this Idempotency-Key is still running.');
      });
    await whileProducing(async () => {
      const request = { params: { belt: 'belt-1' }, body: { kind: 'stop' } };
      await expect(call(conveyor.inject, { ...request, commit: takenOver })).rejects.toMatchObject({ code: 'conflict' });
      expect((await call(conveyor.inject, request)).belts[0]?.fault).toMatchObject({ kind: 'stop', by: 'sara' });
    });
    expect(await engines.database.query.selectFrom('audit').select('action').execute()).toEqual([{ action: 'conveyor.fault_injected' }]);
  });

  it('refuses an unknown belt', async () => {
    await whileProducing(async () => {
      await expect(call(conveyor.inject, { params: { belt: 'belt-9' }, body: { kind: 'stop' } })).rejects.toMatchObject({
        code: 'not_found',
        field: 'belt',
        hint: 'The belts are belt-1, belt-2, belt-3.',
      });
      await expect(call(conveyor.clear, { params: { belt: 'nope' } })).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  it('publishes an event every 2 s while something changes, and none otherwise', async () => {
    await whileProducing(async () => {
      announced.length = 0;
      // The producer writes every half second: most of what it writes is not announced.
      for (let i = 0; i < 2; i++) {
        await clock.advance(2_000);
        vi.advanceTimersByTime(2_000);
      }
      expect(announced.map(({ lastWriteAt }) => clock.now() - (lastWriteAt ?? 0))).toEqual([2_000, 0]);
    });
    await clock.advance(60_000);
    vi.advanceTimersByTime(2_000);
    expect(announced.at(-1)?.producer).toBe('down');
    announced.length = 0;
    await clock.advance(60_000);
    vi.advanceTimersByTime(60_000);
    expect(announced).toEqual([]);
  });

  it('answers while history is written, and follows the file when it is replaced', async () => {
    await whileProducing(async () => {
      for (let i = 0; i < 5; i++) await call(conveyor.inject, { params: { belt: 'belt-1' }, body: { kind: 'slow' } });
      // It did not wait for the end of the history.
      const plant = new Database(file, { readonly: true });
      const history = plant.prepare<[], { from_t: number; filled_to: number }>('SELECT from_t, filled_to FROM history').get();
      plant.close();
      expect(history?.filled_to).toBeGreaterThan(history?.from_t ?? 0);
    }, 30 * 86_400_000);
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    await whileProducing(async () => {
      expect((await call(conveyor.status)).belts[0]?.fault).toBeNull();
    });
  });

  it('names a file that is not a database', async () => {
    const broken = new Database(file);
    broken.exec('CREATE TABLE other (x)');
    broken.close();
    await expect(call(conveyor.status)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('cannot be used') });
  });
});
