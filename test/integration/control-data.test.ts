import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cliResult, startBackend } from '../support/backend.ts';

let dataDir: string;
const file = () => join(dataDir, 'watchfloor.db');
const record = { loaderCode: 'press', timestamp: Math.floor(Date.now() / 1_000) - 60, segmentCode: 'a', recCount: 1 };
const signal = { ...record, minVal: 1, maxVal: 1, avgVal: 1, sumVal: 1 };

const roots: string[] = [];
const makeRoot = () => {
  roots.push(mkdtempSync(join(tmpdir(), 'watchfloor-control-')));
  return roots.at(-1) as string;
};
let installed: string;
beforeAll(async () => {
  installed = makeRoot();
  const backend = await startBackend({ dataDir: installed });
  const { client } = await backend.login('OPERATOR');
  await client.signals.bulk({ body: { signals: [signal] } });
  await backend.stop();
});
beforeEach(() => {
  dataDir = makeRoot();
  cpSync(installed, dataDir, { recursive: true });
});
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

describe('a folder with points is not treated as a new installation when its control data is missing', () => {
  it.each([
    ['deleted', 'is missing', () => rmSync(file())],
    ['emptied', 'is empty', () => truncateSync(file())],
    [
      'replaced by a database without tables',
      'is empty',
      () => {
        rmSync(file());
        const db = new Database(file());
        db.pragma('user_version = 1');
        db.close();
      },
    ],
    [
      'deleted, and its log left behind',
      'is missing',
      () => {
        rmSync(file());
        writeFileSync(`${file()}-wal`, 'what was written last');
      },
    ],
  ])('%s: it refuses to start with a hint, and changes nothing', async (_, what, damage) => {
    damage();
    const before = readdirSync(dataDir).map((name) => [name, statSync(join(dataDir, name)).size]);
    const { status, err } = await cliResult(['embedded', '--no-conveyor', '--port', '0', '--data', dataDir]);
    expect(status).toBe(1);
    expect(err).toContain(`${file()} ${what}`);
    expect(err).toContain('backup');
    expect(err).toContain('--accept-new-control-data');
    const after = readdirSync(dataDir).map((name) => [name, statSync(join(dataDir, name)).size]);
    expect(after.filter(([name]) => name !== 'backend.lock')).toEqual(before.filter(([name]) => name !== 'backend.lock'));
  });

  it('also not by the commands for a stopped backend', async () => {
    rmSync(file());
    const { status, err } = await cliResult(['set-password', 'admin', '--data', dataDir], {}, 'another good one\n');
    expect(status).toBe(1);
    expect(err).toContain(`${file()} is missing`);
  });

  it('starts if the loss is accepted, logs it, and keeps the points', async () => {
    truncateSync(file());
    writeFileSync(`${file()}-wal`, 'what was written last');
    const backend = await startBackend({ dataDir, args: ['--no-conveyor', '--accept-new-control-data'] });
    expect(backend.log()).toContain('control data is recreated');
    const health = await backend.client.health.report({});
    const detail = expect.stringContaining('users, rules, alerts and dashboards are lost');
    expect(health).toMatchObject({
      status: 'degraded',
      services: expect.arrayContaining([expect.objectContaining({ name: 'database', status: 'degraded', detail })]),
      notices: [{ kind: 'control-data-anew', at: expect.any(Number) }],
    });
    const { client } = await backend.login('OPERATOR');
    const query = { fromEpoch: record.timestamp, toEpoch: record.timestamp + 1 };
    expect((await client.signals.range({ params: { loaderCode: 'press' }, query })).items).toHaveLength(1);
    await backend.stop();
    // The rest of the database is kept, and the next start needs no permission.
    expect(readdirSync(dataDir).filter((name) => name.startsWith('watchfloor.lost-'))).toHaveLength(2);
    const again = await startBackend({ dataDir });
    await again.stop();
  });
});

it('a new folder needs no permission, nor does one whose first start was interrupted', async () => {
  const fresh = makeRoot();
  writeFileSync(join(fresh, 'watchfloor.db'), '');
  const backend = await startBackend({ dataDir: fresh });
  expect((await backend.client.health.report({})).services[0]).toEqual({ name: 'database', status: 'up' });
  await backend.stop();
});
