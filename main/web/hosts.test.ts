import { expect, test } from 'vitest';
import { isOwnRequest, ownNames } from './hosts.ts';

test('a console for this computer only accepts this computer’s names only', () => {
  expect(ownNames('127.0.0.1', null)).toEqual(new Set(['localhost', '127.0.0.1', '[::1]']));
  expect(ownNames('::1', null)).toContain('[::1]');
});

test('one open to the network answers under the computer’s addresses too', () => {
  expect(ownNames('wall.example', null)).toContain('wall.example');
});

const names = new Set(['localhost', '[::1]']);
test.each([
  ['localhost:80', undefined, false, true],
  ['LOCALHOST', undefined, false, true],
  ['[::1]:80', 'http://[::1]:80', true, true],
  ['localhost:80', undefined, true, false],
  ['localhost:80', 'http://localhost:81', false, false],
  ['localhost:80', 'https://localhost:80', false, false],
  ['localhost:80:80', undefined, false, false],
  ['localhost:80@evil.example', undefined, false, false],
  ['', undefined, false, false],
  [undefined, undefined, false, false],
])('Host %j with Origin %j, needed: %j → %j', (host, origin, needsOrigin, expected) => {
  expect(isOwnRequest({ host, origin }, names, false, needsOrigin)).toBe(expected);
});
