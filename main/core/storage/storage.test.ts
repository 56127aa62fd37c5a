import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleAlert } from '../alerts/sample.ts';
import type { Profile } from '../connections/store.ts';
import { migrate as migrateTo } from '../database/migrate.ts';
import type { AlertChange } from '../outbox/change.ts';
import { describeOpening } from './describe.ts';
import { type ConsoleDatabase, openConsoleDatabase } from './open.ts';
import { schema } from './schema.ts';

const { migrations } = schema;
const migrate = (db: Database.Database, target?: number): void => migrateTo(db, migrations, target);

let dir: string;
let file: string;
let opened: ConsoleDatabase[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-cache-'));
  file = join(dir, 'console.db');
});
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
  rmSync(dir, { recursive: true, force: true });
});

async function open(dataDir = dir): Promise<ConsoleDatabase> {
  const database = await openConsoleDatabase({ dataDir, log: pino({ level: 'silent' }), now: Date.now });
  opened.push(database);
  return database;
}
async function close(database: ConsoleDatabase): Promise<void> {
  opened = opened.filter((one) => one !== database);
  await database.close();
}

const profile: Profile = {
  id: '01890000-0000-7000-8000-00000000000c',
  name: 'plant',
  url: 'http://plant:8080',
  ca: null,
  embedded: false,
  username: 'sara',
  role: 'OPERATOR',
  instanceId: null,
  backendVersion: null,
  lastEventId: null,
  lastExchangeAt: null,
  createdAt: 1,
};
const change: AlertChange = {
  kind: 'acknowledge',
  alertId: sampleAlert().id,
  at: 5,
  by: 'sara',
  before: { acknowledgement: null, snooze: null },
  note: 'mine',
  expiresAt: null,
};

/** A database with a connection, queued changes, settings and many alerts, closed cleanly. */
async function fill(changes: number): Promise<void> {
  const database = await open();
  await database.write.saveProfile(profile);
  await database.write.changeSettings({ theme: 'dark' });
  const items = Array.from({ length: changes }, (_, i) => ({
    connectionId: profile.id,
    title: `change ${i}`,
    change: { ...change, note: `note ${i}` },
  }));
  await database.write.enqueue({ items, now: 10 });
  const alerts = Array.from({ length: 300 }, (_, i) =>
    sampleAlert({ id: `01890000-0000-7000-8000-${String(i).padStart(12, '0')}`, runbook: 'x'.repeat(500) }),
  );
  await database.write.applyAlerts({ connectionId: profile.id, alerts, lastEventId: '7', whole: true, now: 20, skewMs: 0 });
  await close(database);
}

/** Writes rubbish over pages of the file. */
function damage(...pages: number[]): void {
  const handle = openSync(file, 'r+');
  for (const page of pages) writeSync(handle, Buffer.alloc(4_096, 0xa5), 0, 4_096, page * 4_096);
  closeSync(handle);
}
/** Returns the pages of a table's rows. */
function pagesOf(table: string): number[] {
  const db = new Database(file, { readonly: true });
  const { root } = db.prepare<[string], { root: number }>('SELECT rootpage AS root FROM sqlite_schema WHERE name = ?').get(table) ?? {
    root: 0,
  };
  db.close();
  return [root - 1];
}

describe('opening the console’s database', () => {
  test('creates it, and finds everything after reopening', async () => {
    await fill(3);
    const database = await open();
    expect(database.opening).toEqual({ state: 'ok' });
    expect(await database.read.profiles()).toMatchObject([{ name: 'plant', lastEventId: '7', role: 'OPERATOR' }]);
    expect((await database.read.settings()).theme).toBe('dark');
    expect((await database.read.waiting()).map(({ title }) => title)).toEqual(['change 0', 'change 1', 'change 2']);
    expect(await database.read.feed({ now: 20 })).toHaveLength(300);
  });

  test('a reader sees what a write left behind, and cannot write', async () => {
    const database = await open();
    await database.write.saveProfile(profile);
    expect(await database.read.profiles()).toHaveLength(1);
    const reader = database.read as unknown as ConsoleDatabase['write'];
    expect(reader.saveProfile).toBeUndefined();
  });

  test('a damaged table loses only that table: pending changes are saved, the old file is kept, and a warning is shown', async () => {
    await fill(3);
    damage(...pagesOf('alerts'));
    const database = await open();
    expect(database.opening.state).toBe('restored');
    expect(describeOpening(database.opening)?.message).toMatch(/pending changes 3, connections 1/);
    const [aside] = readdirSync(dir).filter(
      (name) => /^console\.db\.corrupt-\d{4}-/.test(name) && !name.endsWith('-wal') && !name.endsWith('-shm'),
    );
    expect(aside).toBeDefined();
    expect(describeOpening(database.opening)?.hint).toContain(aside);
    expect((await database.read.waiting()).map(({ change: { by }, title }) => [title, by])).toEqual([
      ['change 0', 'sara'],
      ['change 1', 'sara'],
      ['change 2', 'sara'],
    ]);
    expect((await database.read.settings()).theme).toBe('dark');
    expect(await database.read.feed({ now: 20 })).toEqual([]);
  });

  test('if the outbox itself is damaged, rows before and after the damage are saved and the loss is reported', async () => {
    await fill(200);
    const db = new Database(file);
    // A leaf page in the middle of the table.
    db.unsafeMode(true);
    const bytes = readFileSync(file);
    db.close();
    const at = bytes.indexOf('"note":"note 100"');
    damage(Math.floor(at / 4_096));
    const database = await open();
    expect(database.opening.state).toBe('restored');
    expect(describeOpening(database.opening)?.message).toMatch(/Others may be lost/);
    const titles = (await database.read.waiting()).map(({ title }) => title);
    expect(titles).toContain('change 0');
    expect(titles).toContain('change 199');
    expect(titles).not.toContain('change 100');
    expect(titles.length).toBeGreaterThan(150);
  });

  test('a file that is not a database is set aside', async () => {
    writeFileSync(file, 'not a database, and longer than the header of one would be '.repeat(20));
    const database = await open();
    expect(database.opening.state).toBe('restored');
    expect(describeOpening(database.opening)?.message).toMatch(/not a database/);
    await database.write.saveProfile(profile);
    await close(database);
    expect((await open()).opening.state).toBe('ok');
  });

  test('a database of a newer version is refused with a hint, and not changed', async () => {
    await fill(1);
    const db = new Database(file);
    db.prepare('INSERT INTO schema_history (version, product, at) VALUES (?, ?, ?)').run(99, '9.1.0', 1);
    db.pragma('user_version = 99');
    db.close();
    const before = readFileSync(file);
    await expect(open()).rejects.toMatchObject({
      code: 'version_conflict',
      message: expect.stringMatching(/schema 99, written by Watchfloor 9\.1\.0; this is Watchfloor 0\.1\.0/),
      hint: expect.stringMatching(/Start Watchfloor 9\.1\.0 or newer/),
    });
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(dir).filter((name) => name.includes('corrupt'))).toEqual([]);
  });

  test('if no file can be created, it works in memory and reports that', async () => {
    const blocked = join(dir, 'blocked');
    mkdirSync(join(blocked, 'console.db'), { recursive: true });
    const database = await open(blocked);
    expect(database.opening.state).toBe('memory');
    expect(describeOpening(database.opening)?.message).toMatch(/could not be opened .* in memory/);
    await database.write.saveProfile(profile);
    expect(await database.read.profiles()).toHaveLength(1);
    expect(statSync(join(blocked, 'console.db')).isDirectory()).toBe(true);
  });

  test('waits for another process that holds the file for a moment', async () => {
    await fill(1);
    const other = new Database(file);
    other.exec('BEGIN EXCLUSIVE');
    setTimeout(() => other.close(), 400);
    const database = await open();
    expect(database.opening.state).toBe('ok');
  });

  test('an operation that fails leaves nothing of itself behind', async () => {
    const database = await open();
    await database.write.saveProfile(profile);
    const items = [
      { connectionId: profile.id, title: 'good', change },
      { connectionId: 'nobody', title: 'bad', change },
    ];
    await expect(database.write.enqueue({ items, now: 1 })).rejects.toMatchObject({ code: 'internal' });
    expect(await database.read.waiting()).toEqual([]);
  });

  test('closing finishes earlier calls', async () => {
    const database = await open();
    const written = database.write.saveProfile(profile);
    await close(database);
    await written;
    expect(existsSync(`${file}-wal`)).toBe(false);
    await expect(database.read.profiles()).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('migrations', () => {
  test('each leads from the one before to the next; rows of the old schema survive', () => {
    const db = new Database(':memory:');
    migrate(db, 1);
    db.exec(`INSERT INTO connections (id, name, url, embedded, created_at) VALUES ('c', 'plant', 'http://plant', 0, 1)`);
    const firing = sampleAlert({ id: 'a1' });
    db.prepare('INSERT INTO alerts VALUES (@c, @id, 1, @state, 7, NULL, @body, 9)').run({
      c: 'c',
      id: 'a1',
      state: 'FIRING',
      body: JSON.stringify(firing),
    });
    db.exec(
      `INSERT INTO outbox (id, key, connection_id, entity, title, change, created_at) VALUES ('o', 'o', 'c', 'alert/a1', 'Acknowledge', '{}', 3)`,
    );

    migrate(db, 2);
    db.exec(`INSERT INTO series_query (id, connection_id, key) VALUES (1, 'c', '["signal"]')`);
    migrate(db, 3);
    db.exec(`INSERT INTO seen (connection_id, key, body, as_of) VALUES ('c', 'charts', '[]', 4)`);
    migrate(db, 4);
    db.exec(`INSERT INTO series_block VALUES (1, '[]', 0, x'00', x'00', 5); INSERT INTO series_coverage VALUES (1, 0, 10, 5)`);
    migrate(db);

    expect(db.pragma('user_version', { simple: true })).toBe(migrations.length);
    expect(db.prepare('SELECT version FROM schema_history').pluck().all()).toEqual(migrations.map((_, place) => place + 1));
    expect(db.prepare('SELECT title FROM outbox').pluck().all()).toEqual(['Acknowledge']);
    expect(db.prepare('SELECT key FROM series_query').pluck().all()).toEqual(['["signal"]']);
    // Alerts that fired before notices were stored count as announced.
    expect(db.prepare('SELECT told_key, title, severity, read FROM notices').all()).toEqual([
      { told_key: 'c/a1/fired', title: 'Belt speed low', severity: 'CRITICAL', read: 1 },
    ]);
    // These only have English text.
    expect(db.prepare('SELECT content FROM notices').pluck().all()).toEqual([null]);
    expect(db.prepare('SELECT key FROM seen').pluck().all()).toEqual(['charts']);
    // Points in the old format are dropped together with the record of having read them.
    expect(db.prepare('SELECT (SELECT count(*) FROM series_block) + (SELECT count(*) FROM series_coverage)').pluck().get()).toBe(0);
    // Intervals read before damage was recorded stay known, and new damage is deleted with its query.
    db.exec(`INSERT INTO series_damage VALUES (1, 0, 10); DELETE FROM series_query WHERE id = 1`);
    expect(db.prepare('SELECT count(*) FROM series_damage').pluck().get()).toBe(0);
    // A draft is deleted with its connection, and there is one per dashboard.
    const keep = db.prepare(`INSERT INTO dashboard_drafts VALUES (@id, 'c', 'plant', '{}', 1, 5)`);
    keep.run({ id: 'c/plant' });
    expect(() => keep.run({ id: 'other' })).toThrow(/UNIQUE/);
    db.close();
  });

  test('one that fails leaves the schema and the rows of the one before it', () => {
    const db = new Database(':memory:');
    migrate(db, 2);
    // Makes the third migration fail.
    db.exec('CREATE TABLE notices (id TEXT)');
    expect(() => migrate(db)).toThrow(/already exists/);
    expect(db.pragma('user_version', { simple: true })).toBe(2);
    db.exec('DROP TABLE notices');
    migrate(db);
    expect(db.pragma('user_version', { simple: true })).toBe(migrations.length);
    db.close();
  });

  test('run twice they change nothing', () => {
    const db = new Database(':memory:');
    migrate(db);
    const before = db.prepare('SELECT sql FROM sqlite_schema').pluck().all();
    migrate(db);
    expect(db.prepare('SELECT sql FROM sqlite_schema').pluck().all()).toEqual(before);
    db.close();
  });
});
