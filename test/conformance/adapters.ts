import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { type DatabaseLocation, openDatabase } from '#backend/engines/database/open.ts';
import type { Database } from '#backend/engines/database/port.ts';
import { migratedDatabase, migratedFile } from '../support/migrated.ts';
import { type PostgresServer, sharedDatabase, sharedPostgres, withoutPostgres } from '../support/postgres.ts';

export const silent = pino({ level: 'silent' });

export interface Adapter {
  dialect: Database['dialect'];
  /** Where a database that does not exist yet will be. */
  fresh(): Promise<DatabaseLocation>;
  /** Opens a database, by default a new one that has the newest schema, and closes it after the test. */
  open(location?: DatabaseLocation): Promise<Database>;
  /** The server that the tests of the file share, on PostgreSQL. */
  server(): PostgresServer;
}

/** Runs one suite on both adapters of the database: SQLite, and a real PostgreSQL. */
export function onEachAdapter(title: string, suite: (adapter: Adapter) => void): void {
  onSqlite(title, suite);
  onPostgres(title, suite);
}

export function onSqlite(title: string, suite: (adapter: Adapter) => void): void {
  describe(`${title} on SQLite`, () => {
    let folder = '';
    let count = 0;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'watchfloor-db-'));
    });
    const fresh = async () => ({ file: join(folder, String(++count), 'watchfloor.db') });
    const server = () => {
      throw new Error('SQLite has no server');
    };
    const migrated = async () => {
      const location = await fresh();
      await migratedFile(location.file);
      return location;
    };
    suite({ dialect: 'sqlite', fresh, open: opener(migrated), server });
    afterAll(() => rm(folder, { recursive: true, force: true }));
  });
}

export function onPostgres(title: string, suite: (adapter: Adapter) => void): void {
  const missing = withoutPostgres();
  describe.skipIf(missing !== null)(`${title} on PostgreSQL${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
    let running: PostgresServer | undefined;
    beforeAll(async () => {
      running = await sharedPostgres();
    });
    const server = () => {
      if (running === undefined) throw new Error('the server was not started');
      return running;
    };
    const fresh = async () => ({ url: await sharedDatabase() });
    suite({ dialect: 'postgres', fresh, open: opener(async () => ({ url: await migratedDatabase() })), server });
  });
}

function opener(migrated: () => Promise<DatabaseLocation>): Adapter['open'] {
  const opened: Database[] = [];
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
  });
  return async (location) => {
    const database = await openDatabase(location ?? (await migrated()), silent);
    opened.push(database);
    return database;
  };
}

/** Waits until `holds`, and fails saying `what` did not come. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  for (const deadline = Date.now() + ms; !(await holds()); ) {
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
