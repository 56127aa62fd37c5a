import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BrowserSessions, sessionLifetimeMs } from './sessions.ts';

let folder: string;
let now = 1_000_000;
const open = () => new BrowserSessions(join(folder, 'deep/sessions.json'), () => now);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-sessions-'));
  now = 1_000_000;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a session lasts 30 days from the last visit', () => {
  const sessions = open();
  const secret = sessions.exchange(sessions.token) ?? undefined;
  now += sessionLifetimeMs - 1;
  expect(sessions.admits(secret)).toBe(true);
  now += sessionLifetimeMs - 1;
  expect(open().admits(secret)).toBe(true);
  now += sessionLifetimeMs + 1;
  expect(open().admits(secret)).toBe(false);
});

test('an empty or unknown secret is not admitted', () => {
  const sessions = open();
  for (const secret of [undefined, '', sessions.token, '__proto__', 'constructor']) expect(sessions.admits(secret)).toBe(false);
});

test('with a damaged file browsers have to sign in again, but the console starts', () => {
  const file = join(folder, 'sessions.json');
  writeFileSync(file, '{"a":');
  const sessions = new BrowserSessions(file);
  expect(sessions.admits(sessions.exchange(sessions.token) ?? undefined)).toBe(true);
});
