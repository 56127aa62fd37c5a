import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { type DatabaseLocation, openDatabase } from '#backend/engines/database/open.ts';
import { type PostgresServer, sharedDatabase, sharedPostgres } from './postgres.ts';

/**
 * New databases that already have the newest schema. Copying one takes a fraction of the processor time of its migrations, which
 * `test/conformance` tests.
 */
const silent = pino({ level: 'silent' });
let file: Promise<Buffer> | null = null;
const databases = new WeakMap<PostgresServer, Promise<string>>();

/** Writes a new SQLite database to `path`. */
export async function migratedFile(path: string): Promise<void> {
  file ??= migrate();
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await file);
}

async function migrate(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'watchfloor-migrated-'));
  const path = join(folder, 'watchfloor.db');
  await openAndClose({ file: path });
  const bytes = readFileSync(path);
  await rm(folder, { recursive: true });
  return bytes;
}

/** Returns the URL of a new database on the server that the tests of a file share. */
export async function migratedDatabase(): Promise<string> {
  const server = await sharedPostgres();
  const migrated = databases.get(server) ?? migrateOn(server);
  databases.set(server, migrated);
  return sharedDatabase(await migrated);
}

async function migrateOn(server: PostgresServer): Promise<string> {
  const name = 'migrated';
  await openAndClose({ url: await server.database(name) });
  return name;
}

async function openAndClose(location: DatabaseLocation): Promise<void> {
  const database = await openDatabase(location, silent);
  await database.close();
}
