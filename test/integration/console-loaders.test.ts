import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';

/** An administrator at a console previews a loader's SQL and changes its time zone. */
const plantFolder = temporaryFolder();
const consoleFolder = temporaryFolder();
let backend: TestBackend;
let core: TestConsole;
let connectionId: string;

beforeAll(async () => {
  const file = join(plantFolder.path, 'plant.db');
  new Database(file).exec('CREATE TABLE readings (t, belt, v)').close();
  backend = await startBackend();
  const { client } = await backend.login('ADMIN');
  await client.sources.create({ body: { code: 'plant', name: 'Plant', settings: { kind: 'sqlite', file } } });
  const sql = 'SELECT t AS timestamp, belt AS segment, v AS value FROM readings WHERE t >= :from AND t < :to';
  await client.loaders.create({ body: { code: 'speed', name: 'Speed', sourceCode: 'plant', sql, intervalMs: 60_000 } });
  core = await openTestConsole(consoleFolder.path, backend.url);
  connectionId = (await core.connection()).id;
});
afterAll(async () => {
  await core.close();
  await backend.stop();
  plantFolder.remove();
  consoleFolder.remove();
});

const loader = () =>
  eventually('the loader is listed', async () => {
    const { value } = await core.handlers.loaders.list({ connectionId }, neverAborts);
    return value.find(({ code }) => code === 'speed');
  });

test('a preview lists the problems that a loader would have', async () => {
  const { sourceCode, sql } = await loader();
  const request = { sourceCode, sql, timeZone: 'UTC' };
  const { columns, problems } = await core.handlers.loaders.preview({ connectionId, request }, neverAborts);
  expect(columns).toEqual(['timestamp', 'segment', 'value']);
  expect(problems).toMatchObject([{ message: 'The query returned no rows for the last hour.' }]);
});

test('a change is stored, shown with its SQL, and refused if someone else changed the loader first', async () => {
  const { code, name, sourceCode, sql, intervalMs, historyMs, overlapMs, unit, version } = await loader();
  const definition = { code, name, sourceCode, sql, intervalMs, historyMs, overlapMs, unit, version, timeZone: 'America/New_York' };
  const changed = await core.handlers.loaders.update({ connectionId, definition: { ...definition, sql: `${sql} AND 1` } }, neverAborts);
  expect(changed).toMatchObject({ timeZone: 'America/New_York', sql: `${sql} AND 1`, version: version + 1 });
  expect(await loader()).toMatchObject({ timeZone: 'America/New_York', sql: `${sql} AND 1` });
  await expect(core.handlers.loaders.update({ connectionId, definition }, neverAborts)).rejects.toMatchObject({ code: 'version_conflict' });
});
