import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOwn } from './origin.ts';
import { servePage } from './page.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-page-'));
  for (const name of ['root/assets', 'root-beside']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'root/index.html'), '<title>Watchfloor</title>');
  writeFileSync(join(folder, 'root/assets/a.js'), '1');
  writeFileSync(join(folder, 'root/notes.txt'), 'secret');
  writeFileSync(join(folder, 'secret.js'), 'secret');
  writeFileSync(join(folder, 'root-beside/secret.js'), 'secret');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const ask = (url: string, method = 'GET') => servePage(join(folder, 'root'))({ url, method });

describe('served', () => {
  test.each([
    ['app://watchfloor/', 'text/html; charset=utf-8', 'Watchfloor'],
    ['app://watchfloor/alerts/1/2?from=x#y', 'text/html; charset=utf-8', 'Watchfloor'],
    ['app://watchfloor/assets/a.js', 'text/javascript; charset=utf-8', '1'],
  ])('%s', async (url, type, text) => {
    const answer = await ask(url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(await answer.text()).toContain(text);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe');
  });
});

describe('refused', () => {
  test.each([
    'app://elsewhere/index.html',
    'app://watchfloor.evil/index.html',
    'app://someone@watchfloor/index.html',
    'app://watchfloor:1/index.html',
    'file:///etc/passwd',
    'https://watchfloor/index.html',
    'app://watchfloor/notes.txt',
    'app://watchfloor/assets/none.js',
    'app://watchfloor/..%2fsecret.js',
    'app://watchfloor/..%2froot-beside%2fsecret.js',
    'app://watchfloor/assets/..%2f..%2fsecret.js',
    'app://watchfloor/%2e%2e/secret.js',
    'app://watchfloor//etc/passwd.js',
    'app://watchfloor/assets/a.js%00.html',
    'app://watchfloor/%E0%A4%A.js',
  ])('%s', async (url) => {
    const answer = await ask(url);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.text()).toBe('');
  });

  test('anything but reading', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD']) expect((await ask('app://watchfloor/', method)).status).toBe(403);
  });
});

test('what counts as its own', () => {
  expect(isOwn('app://watchfloor/x')).toBe(true);
  for (const url of ['app://watchfloor.evil/', 'https://watchfloor/', 'app:watchfloor', 'nonsense', 'about:blank', 'data:text/html,x'])
    expect(isOwn(url)).toBe(false);
});
