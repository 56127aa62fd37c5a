import { existsSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkUrl } from '#backend/engines/database/postgres/errors.ts';
import { startBackend } from '../support/backend.ts';
import { type PostgresServer, startPostgres, withoutPostgres } from '../support/postgres.ts';

const password = 'p@ss:w/rd#1?%25&[x] "\'\\ ü€ 🔑 ';
const user = 'od"d us€r/@:';
const missing = withoutPostgres();

describe('the URL of the backend’s own database', () => {
  if (missing !== null) return it.skip(missing);
  let server: PostgresServer;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres({ auth: 'scram-sha-256' });
    const admin = await server.database('own');
    const client = new pg.Client(admin);
    await client.connect();
    await client.query(`CREATE ROLE ${pg.escapeIdentifier(user)} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
    await client.query(
      `ALTER DATABASE own OWNER TO ${pg.escapeIdentifier(user)}; ALTER SCHEMA public OWNER TO ${pg.escapeIdentifier(user)}`,
    );
    await client.end();
    url = admin.replace('watchfloor@', `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
  });
  afterAll(() => server.close());

  it('accepts any password, percent-encoded, and shows it neither in the log nor in the list of processes', async () => {
    const backend = await startBackend({ args: ['--no-conveyor', '--database-url', url] });
    try {
      expect(await backend.client.health.live()).toEqual({ status: 'up' });
      expect(backend.log()).not.toContain(encodeURIComponent(password));
      const commandLine = `/proc/${backend.pid}/cmdline`;
      if (existsSync(commandLine)) {
        expect(readFileSync(commandLine, 'utf8')).toContain('watchfloor embedded');
        expect(readFileSync(commandLine, 'utf8')).not.toContain(encodeURIComponent(password).slice(0, 10));
      }
    } finally {
      await backend.stop();
    }
  });

  it.each([
    'postgres://u:p@ss:w/rd#1?%25&[x]@h/db',
    'postgres://u:12#34@h/db',
    'postgres://u:12/34@h/db',
    'postgres://u:12?34@h/db',
    'postgres://u:secret%@h/db',
    'postgres://u:sec%ZZret@h/db',
  ])('%s is refused with a hint, and without repeating it', (address) => {
    const error = (() => {
      try {
        return checkUrl(address);
      } catch (reason) {
        return reason;
      }
    })();
    expect(error).toMatchObject({ code: 'validation_failed', hint: expect.stringContaining('@ is %40') });
    expect(String(error)).not.toMatch(/secret|34|rd#1/);
  });
});
