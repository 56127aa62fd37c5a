import { describe, expect, test } from 'vitest';
import { readOptions } from './options.ts';

test('without flags: this computer alone, a free port, the browser is opened', () => {
  expect(readOptions([])).toMatchObject({ listen: { host: '127.0.0.1', port: 0 }, json: false, open: true, help: false });
});

test.each([
  ['127.0.0.1:4681', { host: '127.0.0.1', port: 4681 }],
  ['localhost', { host: 'localhost', port: 0 }],
  ['[::1]:80', { host: '::1', port: 80 }],
])('--listen %s', (text, expected) => {
  expect(readOptions(['--listen', text]).listen).toEqual(expected);
});

test('a network address is fine with TLS', () => {
  expect(readOptions(['--listen', '0.0.0.0:8443', '--cert', 'c.pem', '--key', 'k.pem']).listen.host).toBe('0.0.0.0');
});

describe('refused, naming the flag', () => {
  test.each([
    [['--listen', '0.0.0.0:8443'], /requires TLS/, /--cert FILE and --key FILE/],
    [['--listen', '192.168.1.5'], /requires TLS/, /127\.0\.0\.1/],
    [['--listen', '127.evil.example:1'], /requires TLS/, /--cert/],
    [['--listen', '127.0.0.1:99999'], /--listen: Give HOST/, /--help/],
    [['--listen', '[127.0.0.1]:1'], /--listen: Give HOST/, /--help/],
    [['--backend', 'ftp://x'], /--backend: Give an address/, /--help/],
    [['--backend', 'nowhere'], /--backend: Give an address/, /--help/],
    [['--cert', 'c.pem'], /must be given together/, /--help/],
    [['--colour', 'red'], /--colour/, /--help/],
    [['--colour'], /--colour/, /--help/],
    [['--data'], /--data/, /--help/],
    [['stray'], /stray/, /--help/],
  ])('%j', (args, message, hint) => {
    expect(() => readOptions(args)).toThrowError(
      expect.objectContaining({ code: 'validation_failed', message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
    );
  });
});
