import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileStore } from './file.ts';
import { probe } from './keychain.ts';
import { openSecretStore } from './open.ts';
import type { SecretStore } from './store.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-secrets-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const log = pino({ level: 'silent' });

describe('the file of secrets', () => {
  test('is readable for its owner only, over restarts and with parallel writes', async () => {
    const path = join(dir, 'deep', 'secrets.json');
    const store = fileStore(path);
    expect(await store.get('a')).toBeNull();
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.set(`key ${i}`, `välue ${i}`)));
    await store.delete('key 3');
    await store.delete('never there');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = fileStore(path);
    expect(await again.get('key 19')).toBe('välue 19');
    expect(await again.get('key 3')).toBeNull();
  });

  test('permissions that were widened are restricted again', async () => {
    const path = join(dir, 'secrets.json');
    writeFileSync(path, '{"a":"b"}', { mode: 0o644 });
    expect(await fileStore(path).get('a')).toBe('b');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('an unreadable file is reported with a fix and not overwritten', async () => {
    const path = join(dir, 'secrets.json');
    writeFileSync(path, '{"a":');
    await expect(fileStore(path).set('b', 'c')).rejects.toMatchObject({
      message: expect.stringContaining(path),
      hint: expect.stringMatching(/Move it away/),
    });
    expect(statSync(path).size).toBe(5);
  });
});

describe('without a keychain', () => {
  test('the file is used, with a warning that says where and why', async () => {
    const broken: SecretStore = {
      ...fileStore(join(dir, 'unused.json')),
      kind: 'keychain',
      set: () => Promise.reject(new Error('The name org.freedesktop.secrets was not provided')),
    };
    const store = await openSecretStore({ dataDir: dir, log, keychain: broken });
    expect(store).toMatchObject({ kind: 'file', path: join(dir, 'secrets.json') });
    expect(store.warning?.message).toMatch(/org\.freedesktop\.secrets.*secrets\.json, readable by its owner only/);
    expect(store.warning?.hint).toMatch(/gnome-keyring/);
  });

  test('a keychain that loses secrets is not used', async () => {
    const forgetful: SecretStore = { ...fileStore(join(dir, 'unused.json')), kind: 'keychain', get: async () => null };
    expect(await probe(forgetful)).toMatch(/does not give back/);
  });
});

const needed = ['dbus-run-session', 'gnome-keyring-daemon'];
const absent = needed.filter((program) => spawnSync('which', [program]).status !== 0);
const required = process.env['WATCHFLOOR_REQUIRE_ENGINES'] === '1';

describe('a real Secret Service', () => {
  test.skipIf(absent.length > 0 && !required)(
    `keeps what is put in, over processes${absent.length > 0 ? ` (skipped: ${absent.join(', ')} not installed)` : ''}`,
    { timeout: 60_000 },
    () => {
      // Uses a real keychain: a separate session bus, a keyring unlocked with a password, and two processes that use it.
      const program = fileURLToPath(new URL('./keychain-check.ts', import.meta.url));
      const script = `set -e
        printf 'a password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
        "$NODE" "$PROGRAM" put
        "$NODE" "$PROGRAM" take`;
      const home = join(dir, 'home');
      const result = spawnSync('dbus-run-session', ['--', 'bash', '-c', script], {
        env: {
          PATH: process.env['PATH'],
          HOME: home,
          XDG_DATA_HOME: join(home, 'data'),
          XDG_RUNTIME_DIR: dir,
          NODE: process.execPath,
          PROGRAM: program,
        },
        encoding: 'utf8',
        timeout: 50_000,
      });
      expect(result.stdout.trim().split('\n'), result.stderr).toEqual(['keychain', 'put', 'keychain', 'found a pässword', 'gone']);
    },
  );
});
