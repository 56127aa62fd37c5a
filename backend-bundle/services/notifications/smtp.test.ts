import { describe, expect, it } from 'vitest';
import { toFailure } from './smtp.ts';

const failure = (fields: object) => {
  const { stage, code, isTemporary } = toFailure(Object.assign(new Error('failed'), fields));
  return [stage, code, isTemporary];
};

describe('a delivery that failed', () => {
  it.each([
    ['no server', { code: 'ESOCKET', originalCode: 'ECONNREFUSED', command: 'CONN' }, 'connection', null, true],
    ['no such host', { code: 'EDNS', originalCode: 'ENOTFOUND' }, 'connection', null, true],
    ['a silent server', { code: 'ETIMEDOUT' }, 'connection', null, true],
    ['a server that shuts down', { code: 'ECONNECTION', responseCode: 421 }, 'connection', 421, true],
    ['an unknown authority', { code: 'ESOCKET', originalCode: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'tls', null, true],
    ['a certificate of another host', { code: 'ESOCKET', originalCode: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'tls', null, true],
    ['no STARTTLS', { code: 'ETLS', responseCode: 502, command: 'STARTTLS' }, 'tls', 502, false],
    ['a wrong password', { code: 'EAUTH', responseCode: 535, command: 'AUTH PLAIN' }, 'authentication', 535, false],
    ['a refused sender', { code: 'EENVELOPE', responseCode: 553, command: 'MAIL FROM' }, 'sender', 553, false],
    ['a locked mailbox', { code: 'EENVELOPE', responseCode: 450, command: 'RCPT TO' }, 'recipient', 450, true],
    ['an unknown recipient', { code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' }, 'recipient', 550, false],
    ['a message that is too large', { code: 'EMESSAGE', responseCode: 552, command: 'DATA' }, 'message', 552, false],
    ['an address that can’t be used', { code: 'EENVELOPE', command: 'API' }, 'message', null, false],
  ])('because of %s', (_what, fields, ...expected) => {
    expect(failure(fields)).toEqual(expected);
  });

  it('keeps the reply of the server, at most its first 1,000 characters', () => {
    expect(toFailure(Object.assign(new Error('x'), { response: '550 No such user', responseCode: 550 })).text).toBe('550 No such user');
    expect(toFailure(new Error('a'.repeat(5_000))).text).toHaveLength(1_000);
  });
});
