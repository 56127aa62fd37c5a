import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import type { z } from 'zod';
import type { Engines } from '#backend/engines/port.ts';
import { openEngines } from '#backend/engines.ts';
import { makeLoaders } from '#backend/services/loaders/index.ts';
import { commitUnrecorded, type Service } from '#backend/services/service.ts';
import type { EndpointShape, ReplyOf, Role } from '#common/contract/endpoint.ts';
import type { BusEventType, LiveEventType } from '#common/contract/events.ts';
import type { LoaderInput, LoaderRun } from '#common/contract/loaders.ts';
import { loaders } from '#common/contract/loaders.ts';
import { sources } from '#common/contract/sources.ts';
import { makeLocalPeers } from '../support/peers.ts';

type Input<E, K extends string> = E extends Record<K, infer S extends z.ZodType> ? z.input<S> : undefined;
interface Request<E extends EndpointShape> {
  params?: Input<E, 'params'>;
  body?: Input<E, 'body'>;
}

export interface Replica {
  engines: Engines;
  service: Service;
  /** Calls an endpoint as HTTP does after its checks: input and answer go through the contract. */
  call<E extends EndpointShape>(endpoint: E, request?: Request<E>, role?: Role): Promise<ReplyOf<E>>;
  /** All events published on the bus. */
  said: { type: BusEventType | LiveEventType; payload: unknown }[];
  stop(): Promise<void>;
}

export interface Plant {
  file: string;
  db: Database.Database;
  /** Adds rows to `readings(t, belt, v)`. */
  add(rows: readonly (readonly [t: number, belt: string, v: number | string | null])[]): void;
  count(): number;
  close(): void;
}

export const sql = 'SELECT t AS timestamp, belt AS segment, v AS value FROM readings WHERE t >= :from AND t < :to';

export function makePlant(folder: string, name = 'plant.db'): Plant {
  const file = join(folder, name);
  const db = new Database(file, { timeout: 5_000 });
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE readings (t INTEGER, belt TEXT, v, PRIMARY KEY (t, belt)) WITHOUT ROWID');
  const insert = db.prepare('INSERT OR REPLACE INTO readings VALUES (?, ?, ?)');
  return {
    file,
    db,
    add: db.transaction((rows) => {
      for (const row of rows) insert.run(...row);
    }),
    count: () => db.prepare<[], { n: number }>('SELECT count(*) AS n FROM readings').get()?.n ?? -1,
    close: () => db.close(),
  };
}

export function makeFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-loaders-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The loaders service on real engines. */
export async function startReplica(options: { data: string; databaseUrl?: string; masterKey?: string }): Promise<Replica> {
  const log = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  const { engines, close } = await openEngines({ databaseUrl: undefined, masterKey: undefined, ...options, log });
  const service = makeLoaders(engines, makeLocalPeers(engines, []));
  const said: Replica['said'] = [];
  engines.bus.watch(({ type, payload }) => said.push({ type, payload }));
  engines.bus.onAnnounced(({ type, payload }) => said.push({ type, payload }));
  await service.start();
  return {
    engines,
    service,
    said,
    async call(endpoint, { params, body } = {}, role = 'ADMIN') {
      const route = service.routes.find((each) => each.endpoint === endpoint);
      if (route === undefined) throw new Error(`no route for ${endpoint.path}`);
      const request = {
        params: endpoint.params?.parse(params),
        body: endpoint.body?.parse(body),
        caller: { id: 'x', name: role.toLowerCase(), role },
        commit: commitUnrecorded,
        requestId: 'test',
        signal: AbortSignal.timeout(30_000),
      };
      return endpoint.reply.parse(await route.handler(request as never)) as never;
    },
    async stop() {
      await service.stop();
      await close();
    },
  };
}

export async function until(what: string, condition: () => boolean | Promise<boolean>, patienceMs = 60_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await sleep(50);
  }
}

/** Adds a source on `plant` and a loader of its readings. */
export async function addLoader({ call }: Replica, plant: Plant, more: Partial<LoaderInput> = {}): Promise<void> {
  const code = more.sourceCode ?? 'plant';
  const known = await call(sources.list);
  if (!known.items.some((each) => each.code === code)) {
    await call(sources.create, { body: { code, name: 'Plant', settings: { kind: 'sqlite', file: plant.file } } });
  }
  await call(loaders.create, {
    body: { code: 'speed', name: 'Speed', sql, intervalMs: 1_000, overlapMs: 2_000, ...more, sourceCode: code },
  });
}

export async function stored({ engines }: Replica, code = 'speed') {
  return engines.signals.records(code, { from: 0, to: 8e15, limit: 2_000_000 });
}

export async function runs({ call }: Replica, code = 'speed'): Promise<LoaderRun[]> {
  return (await call(loaders.runs, { params: { code } })).items;
}
