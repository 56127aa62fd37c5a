import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openVault } from './open.ts';
import { createVault } from './vault.ts';

const log = pino({ level: 'silent' });
const key = () => new Uint8Array(randomBytes(32));

describe('vault', () => {
  it('opens what it sealed, never produces the same text twice, and hides the secret', () => {
    const vault = createVault([key()]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (plain) => {
        const sealed = vault.seal(plain);
        expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]{22}\.[\w-]*$/);
        expect(vault.open(sealed)).toBe(plain);
        expect(vault.seal(plain)).not.toBe(sealed);
      }),
    );
    expect(vault.seal('hunter2')).not.toContain(Buffer.from('hunter2').toString('base64url'));
  });

  it('refuses a text with any character changed, cut short, or of another version', () => {
    const vault = createVault([key()]);
    const sealed = vault.seal('a secret');
    for (let i = 0; i < sealed.length; i++) {
      const other = sealed[i] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, i) + other + sealed.slice(i + 1);
      // The last character of a base64 part may have unused bits.
      if (sameBytes(changed, sealed)) continue;
      expect(() => vault.open(changed), `character ${i}`).toThrow();
    }
    const parts = sealed.split('.');
    for (const text of [
      '',
      'v1',
      parts.slice(0, 4).join('.'),
      `${sealed}.x`,
      sealed.replace('v1', 'v2'),
      parts.with(3, parts[3]?.slice(0, 6) ?? '').join('.'),
    ])
      expect(() => vault.open(text)).toThrow(expect.objectContaining({ code: 'internal', hint: expect.any(String) }));
  });

  it('uses a new key and still opens secrets of the old one, until that is removed', () => {
    const [old, fresh] = [key(), key()];
    const before = createVault([old]);
    const both = createVault([old, fresh]);
    const after = createVault([fresh]);
    expect(both.open(before.seal('x'))).toBe('x');
    expect(after.open(both.seal('x'))).toBe('x');
    expect(() => after.open(before.seal('x'))).toThrow(
      expect.objectContaining({ code: 'internal', message: expect.stringContaining('does not have') }),
    );
    const sealed = before.seal('x');
    expect([both.hasKey(sealed), after.hasKey(sealed), after.hasKey('damaged')]).toEqual([true, false, true]);
    expect(both.tokenKey).toEqual(after.tokenKey);
    expect(both.tokenKey).not.toEqual(before.tokenKey);
  });

  it('signs with a key that is neither the master key nor the one that seals', () => {
    const master = key();
    expect(createVault([master]).tokenKey).toHaveLength(32);
    expect(createVault([master]).tokenKey).not.toEqual(master);
  });
});

describe('opening the vault', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'watchfloor-vault-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('creates a key once, readable for this user only, and reuses it', async () => {
    const data = join(folder, 'new', 'data');
    const sealed = openVault(data, undefined, log).seal('x');
    expect((await stat(join(data, 'master.key'))).mode & 0o777).toBe(0o600);
    expect(openVault(data, undefined, log).open(sealed)).toBe('x');
    expect(openVault(data, '  ', log).open(sealed)).toBe('x');
  });

  it('makes an existing key unreadable for other users of the computer', async () => {
    const file = join(folder, 'master.key');
    openVault(folder, undefined, log);
    await chmod(file, 0o644);
    openVault(folder, undefined, log);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('is rotated by an additional line in the file, or an additional key in the variable', async () => {
    const data = join(folder, 'rotated');
    const sealed = openVault(data, undefined, log).seal('x');
    const file = join(data, 'master.key');
    await writeFile(file, `${await readFile(file, 'utf8')}${Buffer.from(key()).toString('base64')}\n`);
    const rotated = openVault(data, undefined, log);
    expect([rotated.open(sealed), rotated.seal('x').split('.')[1] === sealed.split('.')[1]]).toEqual(['x', false]);
    const keys = (await readFile(file, 'utf8')).trim().split('\n').join(',');
    expect(openVault(undefined, keys, log).open(rotated.seal('y'))).toBe('y');
  });

  it('names the malformed key and the problem without repeating its value', async () => {
    const good = Buffer.from(key()).toString('base64');
    const broken = { code: 'validation_failed', field: 'WATCHFLOOR_MASTER_KEY', message: expect.stringContaining('Key 2') };
    expect(() => openVault(undefined, `${good},hunter2`, log)).toThrow(expect.objectContaining(broken));
    expect(() => openVault(undefined, `${good},hunter2`, log)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
    expect(() => openVault(undefined, undefined, log)).toThrow(expect.objectContaining({ code: 'validation_failed' }));
    const data = join(folder, 'new', 'data');
    await writeFile(join(data, 'master.key'), '');
    expect(() => openVault(data, undefined, log)).toThrow(expect.objectContaining({ code: 'validation_failed' }));
    await writeFile(join(folder, 'plain'), '');
    expect(() => openVault(join(folder, 'plain', 'data'), undefined, log)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});

function sameBytes(a: string, b: string): boolean {
  const bytes = (text: string) => text.split('.').map((part, i) => (i < 2 ? part : Buffer.from(part, 'base64url').toString('hex')));
  return a.split('.').length === b.split('.').length && bytes(a).join() === bytes(b).join();
}
