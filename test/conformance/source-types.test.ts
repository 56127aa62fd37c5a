/**
 * Reads every type of column from real databases as a loader does, as a segment, a value and a time, and holds the tables in
 * docs/loaders.md to what comes out. WATCHFLOOR_UPDATE_DOCS=1 regenerates the tables.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSources } from '#backend/engines/sources/open.ts';
import type { SourceConnection } from '#backend/engines/sources/port.ts';
import { readDecimal } from '#backend/services/loaders/decimals.ts';
import { mapRows } from '#backend/services/loaders/rows.ts';
import { AppError } from '#common/contract/errors.ts';
import { type SourceKind, sourceSettings } from '#common/contract/sources.ts';
import { startMariadb, withoutMariadb } from '../support/mariadb.ts';
import { startPostgres, withoutPostgres } from '../support/postgres.ts';

const page = join(import.meta.dirname, '../../docs/loaders.md');
const t = 1_760_000_000_000;
const now = t + 60_000;
const sources = openSources(pino({ level: 'silent' }));

/** A type, an example of it in SQL, and the example as the database writes it; null is NULL. */
interface Example {
  type: string;
  sql: string;
  text: string | null;
}

interface Subject {
  connection: SourceConnection;
  examples: readonly Example[];
  /** An expression for a segment and a time that are fine, and what follows FROM. */
  from: string;
  close(): Promise<void>;
}

async function sqliteSubject(): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-types-'));
  const file = join(folder, 'types.db');
  new Database(file).exec('CREATE TABLE one (n); INSERT INTO one VALUES (1)').close();
  const connection = sources.open({ kind: 'sqlite', file }, 'Types');
  const examples = [
    { type: 'INTEGER', sql: '1760000000000', text: '1760000000000' },
    { type: 'INTEGER beyond 2^53', sql: '105990000000000009', text: '105990000000000009' },
    { type: 'INTEGER, epoch seconds', sql: '1760000000', text: '1760000000' },
    { type: 'REAL', sql: '1760000000000.25', text: '1760000000000.25' },
    { type: 'REAL, julianday()', sql: "julianday('2025-10-09 08:53:20')", text: '2460957.8703703703' },
    { type: 'REAL, infinite', sql: '9e999', text: 'Infinity' },
    { type: 'TEXT', sql: "'belt-1'", text: 'belt-1' },
    { type: 'TEXT, digits', sql: "'007'", text: '007' },
    { type: 'TEXT, space at the end', sql: "'a '", text: 'a ' },
    { type: 'TEXT, date and time', sql: "'2025-10-09 08:53:20'", text: '2025-10-09 08:53:20' },
    { type: 'TEXT, empty', sql: "''", text: '' },
    { type: 'BLOB', sql: "x'cafe'", text: '0xcafe' },
    { type: 'NULL', sql: 'NULL', text: null },
  ];
  return {
    connection,
    examples,
    from: 'FROM one',
    close: async () => {
      await connection.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function postgresqlSubject(): Promise<Subject> {
  const server = await startPostgres();
  const url = await server.database('types');
  const client = new pg.Client(url);
  await client.connect();
  // A server whose settings are not the usual: none of them may change what is read.
  await client.query(`
    CREATE TYPE mood AS ENUM ('ok', 'bad');
    CREATE ROLE reader LOGIN;
    ALTER ROLE reader SET timezone = 'America/New_York';
    ALTER ROLE reader SET datestyle = 'SQL, DMY';
    ALTER ROLE reader SET intervalstyle = 'iso_8601';
    ALTER ROLE reader SET extra_float_digits = 0;`);
  await client.end();
  const host = new URL(url).searchParams.get('host');
  const settings = { kind: 'postgresql', host, port: 5432, database: 'types', username: 'reader', password: '' };
  const connection = sources.open(sourceSettings.parse(settings), 'Types');
  const examples = [
    { type: 'smallint, integer', sql: '7::integer', text: '7' },
    { type: 'bigint', sql: '1760000000000::bigint', text: '1760000000000' },
    { type: 'bigint beyond 2^53', sql: '105990000000000009::bigint', text: '105990000000000009' },
    { type: 'numeric', sql: '1760000000000.250000::numeric', text: '1760000000000.250000' },
    { type: 'numeric with more digits', sql: '3.14159265358979323846::numeric', text: '3.14159265358979323846' },
    { type: 'numeric, NaN', sql: "'NaN'::numeric", text: 'NaN' },
    { type: 'real', sql: '0.1::real', text: '0.1' },
    { type: 'double precision', sql: '0.30000000000000004::float8', text: '0.30000000000000004' },
    { type: 'double precision, infinite', sql: "'Infinity'::float8", text: 'Infinity' },
    { type: 'text, varchar', sql: "'belt-1'::text", text: 'belt-1' },
    { type: 'text, digits', sql: "'007'::text", text: '007' },
    { type: 'text, space at the end', sql: "'a '::varchar", text: 'a ' },
    { type: 'text, empty', sql: "''::text", text: '' },
    { type: 'char(4)', sql: "'ab'::char(4)", text: 'ab  ' },
    { type: 'boolean', sql: 'true', text: 't' },
    { type: 'timestamp with time zone', sql: "'2025-10-09 08:53:20.25+00'::timestamptz", text: '2025-10-09 08:53:20.25+00' },
    { type: 'timestamp', sql: "'2025-10-09 08:53:20'::timestamp", text: '2025-10-09 08:53:20' },
    { type: 'date', sql: "'2025-10-09'::date", text: '2025-10-09' },
    { type: 'timestamp, infinity', sql: "'infinity'::timestamptz", text: 'infinity' },
    { type: 'time', sql: "'08:53:20'::time", text: '08:53:20' },
    { type: 'interval', sql: "'1 day 90 seconds'::interval", text: '1 day 00:01:30' },
    { type: 'interval with months', sql: "'1 month'::interval", text: '1 mon' },
    { type: 'json, jsonb, a number', sql: "'12.5'::jsonb", text: '12.5' },
    { type: 'json, jsonb, anything else', sql: `'"12"'::jsonb`, text: '"12"' },
    { type: 'money', sql: '12.5::numeric::money', text: '$12.50' },
    { type: 'bit(3)', sql: "B'101'", text: '101' },
    { type: 'enum', sql: "'ok'::mood", text: 'ok' },
    { type: 'uuid', sql: "'0198c0de-0000-7000-8000-000000000000'::uuid", text: '0198c0de-0000-7000-8000-000000000000' },
    { type: 'inet', sql: "'10.0.0.1'::inet", text: '10.0.0.1' },
    { type: 'bytea', sql: "'\\xcafe'::bytea", text: '\\xcafe' },
    { type: 'integer[]', sql: 'ARRAY[1, 2]', text: '{1,2}' },
    { type: 'NULL', sql: 'NULL::float8', text: null },
  ];
  return {
    connection,
    examples,
    from: '',
    close: async () => {
      await connection.close();
      await server.close();
    },
  };
}

async function mysqlSubject(): Promise<Subject> {
  const server = await startMariadb();
  const columns: [name: string, type: string, declared: string, value: string, text: string | null][] = [
    ['flag', 'TINYINT(1), BOOLEAN', 'TINYINT(1)', 'TRUE', '1'],
    ['i', 'SMALLINT, INT', 'INT', '7', '7'],
    ['big', 'BIGINT', 'BIGINT', '1760000000000', '1760000000000'],
    ['huge', 'BIGINT beyond 2^53', 'BIGINT', '105990000000000009', '105990000000000009'],
    ['uns', 'BIGINT UNSIGNED', 'BIGINT UNSIGNED', '18446744073709551615', '18446744073709551615'],
    ['de', 'DECIMAL', 'DECIMAL(20, 6)', '1760000000000.25', '1760000000000.250000'],
    ['dm', 'DECIMAL with more digits', 'DECIMAL(40, 20)', '3.14159265358979323846', '3.14159265358979323846'],
    ['f', 'FLOAT', 'FLOAT', '0.1', '0.1'],
    ['d', 'DOUBLE', 'DOUBLE', '0.30000000000000004e0', '0.30000000000000004'],
    ['v', 'VARCHAR, CHAR, TEXT', 'VARCHAR(20)', "'belt-1'", 'belt-1'],
    ['vd', 'VARCHAR, digits', 'VARCHAR(20)', "'007'", '007'],
    ['vs', 'VARCHAR, space at the end', 'VARCHAR(20)', "'a '", 'a '],
    ['vl', 'VARCHAR, emoji', 'VARCHAR(20) CHARACTER SET utf8mb4', "'🙂'", '🙂'],
    ['ve', 'VARCHAR, empty', 'VARCHAR(20)', "''", ''],
    ['ts', 'TIMESTAMP', 'TIMESTAMP(3) NULL', "'2025-10-09 08:53:20.250'", '2025-10-09 08:53:20.250'],
    ['dt', 'DATETIME', 'DATETIME', "'2025-10-09 08:53:20'", '2025-10-09 08:53:20'],
    ['da', 'DATE', 'DATE', "'2025-10-09'", '2025-10-09'],
    ['z', 'DATETIME, 0000-00-00', 'DATETIME', "'0000-00-00 00:00:00'", '0000-00-00 00:00:00'],
    ['ti', 'TIME', 'TIME', "'26:01:30'", '26:01:30'],
    ['y', 'YEAR', 'YEAR', '2025', '2025'],
    ['js', 'JSON, a number', 'JSON', "'12.5'", '12.5'],
    ['jt', 'JSON, anything else', 'JSON', `'"12"'`, '"12"'],
    ['bi', 'BIT', 'BIT(8)', "b'101'", '0x05'],
    ['e', 'ENUM', "ENUM('ok', 'bad')", "'ok'", 'ok'],
    ['se', 'SET', "SET('a', 'b')", "'a,b'", 'a,b'],
    ['bl', 'BLOB, BINARY', 'BLOB', "x'cafe'", '0xcafe'],
    ['nu', 'NULL', 'DOUBLE', 'NULL', null],
  ];
  await server.admin(["SET GLOBAL time_zone = '+05:30', GLOBAL character_set_server = 'latin1'", 'CREATE DATABASE types']);
  await server.admin(
    [
      "SET SESSION time_zone = '+00:00', sql_mode = ''",
      `CREATE TABLE one (${columns.map(([name, , declared]) => `${name} ${declared}`).join(', ')}) CHARACTER SET utf8mb4`,
      `INSERT INTO one VALUES (${columns.map(([, , , value]) => value).join(', ')})`,
      "CREATE USER reader@'%' IDENTIFIED BY 'secret'",
      'GRANT SELECT ON types.* TO reader',
    ],
    'types',
  );
  const settings = { kind: 'mysql', host: server.host, port: server.port, database: 'types', username: 'reader', password: 'secret' };
  const connection = sources.open(sourceSettings.parse(settings), 'Types');
  return {
    connection,
    examples: columns.map(([name, type, , , text]) => ({ type, sql: name, text })),
    from: 'FROM one',
    close: async () => {
      await connection.close();
      await server.close();
    },
  };
}

const subjects: { kind: SourceKind; title: string; missing: string | null; open: () => Promise<Subject> }[] = [
  { kind: 'postgresql', title: 'PostgreSQL', missing: withoutPostgres(), open: postgresqlSubject },
  { kind: 'mysql', title: 'MySQL and MariaDB', missing: withoutMariadb(), open: mysqlSubject },
  { kind: 'sqlite', title: 'SQLite', missing: null, open: sqliteSubject },
];

type Role = 'segment' | 'value' | 'timestamp';
const roles: readonly Role[] = ['segment', 'value', 'timestamp'];
const fine: Readonly<Record<Role, string>> = { segment: "'a'", value: '1', timestamp: String(t) };
const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``;

/** Describes how a loader reads an example in one role, with the words of the table. */
async function outcomeOf({ connection, from }: Subject, { sql, text }: Example, role: Role): Promise<string> {
  const columns = roles.map((each) => `${each === role ? sql : fine[each]} AS ${each}`);
  const query = `SELECT ${columns.join(', ')} ${from} WHERE :from < :to`;
  try {
    const rows = await connection.query({
      sql: query,
      from: 0,
      to: 1,
      timeZone: 'UTC',
      timeoutMs: 10_000,
      maxRows: 10,
      maxBytes: 1_000_000,
      past: 'refuse',
    });
    const { signals, rejectReason, rounded } = mapRows(rows, { timeZone: 'UTC', now });
    if (rejectReason !== null) return `row rejected: ${rejectReason.replace(/^Row 1: /, '')}`;
    if (role === 'segment') return signals.segment[0] === text ? 'exactly' : `as ${code(signals.segment[0] ?? '')}`;
    if (role === 'timestamp') {
      const at = signals.t[0] as number;
      return String(at) === text ? 'exactly' : `as ${code(new Date(at).toISOString())}`;
    }
    const value = signals.avg[0] as number;
    if ('value' in rounded) return `rounded to ${code(String(value))}, counted`;
    const said = readDecimal(text ?? '');
    return said?.value === value && said.isExact ? 'exactly' : `as ${code(String(value))}`;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return `refused: ${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}`;
  }
}

describe.each(subjects)('types of $title', ({ kind, title, missing, open }) => {
  if (missing !== null) return it.skip(missing);
  let subject: Subject;
  const outcomes = new Map<string, Record<Role, string>>();
  beforeAll(async () => {
    subject = await open();
    for (const example of subject.examples) {
      const [segment = '', value = '', timestamp = ''] = await Promise.all(roles.map((role) => outcomeOf(subject, example, role)));
      outcomes.set(example.type, { segment, value, timestamp });
    }
  });
  afterAll(() => subject.close());

  it('are stored exactly as a segment; empty ones are rejected', () => {
    for (const { type, text } of subject.examples) {
      const { segment } = outcomes.get(type) as Record<Role, string>;
      if (text === null || text === '') expect([type, segment]).toEqual([type, 'row rejected: "segment" is empty.']);
      else expect([type, segment]).toEqual([type, type === 'TIMESTAMP' ? 'as `2025-10-09 08:53:20.250+00:00`' : 'exactly']);
    }
  });

  it('are exact as a value, counted as rounded, or rejected', () => {
    for (const { type } of subject.examples) {
      const { value } = outcomes.get(type) as Record<Role, string>;
      expect([type, value]).toEqual([
        type,
        expect.stringMatching(/^(exactly|as `[-\d.]+`|rounded to `\d.+`, counted|row rejected: "value"|refused: Column "value")/),
      ]);
    }
    expect(
      outcomes.get(kind === 'sqlite' ? 'INTEGER beyond 2^53' : kind === 'mysql' ? 'BIGINT beyond 2^53' : 'bigint beyond 2^53')?.value,
    ).toBe('rounded to `105990000000000020`, counted');
    const fraction = outcomes.get(kind === 'mysql' ? 'DECIMAL with more digits' : 'numeric with more digits')?.value;
    if (kind !== 'sqlite') expect(fraction).toBe('as `3.141592653589793`');
  });

  it('are the same instant as a time, whatever the zones of the server and the session', () => {
    const instants = [...outcomes].filter(([, { timestamp }]) => timestamp.startsWith('as `'));
    for (const [type, { timestamp }] of instants) {
      expect([type, timestamp]).toEqual([type, expect.stringMatching(/^as `2025-10-09T(08:53:20\.(000|250)|00:00:00\.000)Z`$/)]);
    }
    expect(instants.length).toBeGreaterThanOrEqual(kind === 'sqlite' ? 1 : 4);
  });

  it('match docs/loaders.md', () => {
    const rows = subject.examples.map(({ type, text }) => {
      const { segment, value, timestamp } = outcomes.get(type) as Record<Role, string>;
      return `| ${type} | ${text === null ? 'NULL' : text === '' ? 'empty' : code(text)} | ${[segment, value, timestamp].map((each) => each.replaceAll('|', '\\|')).join(' | ')} |`;
    });
    const table = ['| type | example | as segment | as value | as timestamp |', '|---|---|---|---|---|', ...rows].join('\n');
    const marks = [`<!-- types of ${kind}: made by test/conformance/source-types.test.ts -->`, `<!-- end of ${kind} -->`] as const;
    const text = readFileSync(page, 'utf8');
    const [start, end] = [text.indexOf(marks[0]), text.indexOf(marks[1])];
    expect(start, `docs/loaders.md has no section for ${title}`).toBeGreaterThan(0);
    const section = `${marks[0]}\n${table}\n`;
    if (process.env['WATCHFLOOR_UPDATE_DOCS'] === '1') writeFileSync(page, text.slice(0, start) + section + text.slice(end));
    else expect(text.slice(start, end), 'run with WATCHFLOOR_UPDATE_DOCS=1 to regenerate the table').toBe(section);
  });
});
