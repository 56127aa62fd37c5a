import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { createVault } from '#backend/engines/vault/vault.ts';
import { checkPart } from '#backend/http/validation.ts';
import { toAddressees } from '#backend/services/notifications/alert-events.ts';
import type { SmtpRecord } from '#backend/services/notifications/settings.store.ts';
import { checkSmtp, passwordToStore, toServer, toSettings } from '#backend/services/notifications/settings.ts';
import { notifications, type SmtpInput, storedSmtp } from '#common/contract/notifications.ts';

const vault = createVault([new Uint8Array(randomBytes(32))]);
const body = (changes: Partial<z.input<typeof notifications.putSmtp.body>> = {}): SmtpInput =>
  notifications.putSmtp.body.parse({
    host: 'mail.example.com',
    port: 587,
    security: 'starttls',
    username: 'wf',
    password: 'secret',
    fromAddress: 'wf@example.com',
    version: 0,
    ...changes,
  });
const stored = (input: SmtpInput): SmtpRecord => {
  const { password: _, ...fields } = input;
  return { fields: storedSmtp.strip().parse(fields), passwordSealed: vault.seal('secret'), version: 1, updatedAt: 0, updatedBy: 'ada' };
};
const fieldOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { field?: string }).field;
  }
};

describe('the mail server', () => {
  it.each<[string, Partial<z.input<typeof notifications.putSmtp.body>>, string | undefined]>([
    ['with STARTTLS', {}, undefined],
    ['unencrypted on another computer', { security: 'none' }, 'security'],
    ['unencrypted on another computer, as allowed', { security: 'none', allowPlain: true }, undefined],
    ['unencrypted on this computer', { security: 'none', host: '127.0.0.1' }, undefined],
    ['unencrypted on this computer, by name', { security: 'none', host: 'localhost' }, undefined],
    ['unencrypted on a computer that only begins like this one', { security: 'none', host: '127.example.com' }, 'security'],
    ['with a user but no password', { password: '' }, 'password'],
    ['with a password but no user', { username: '' }, 'username'],
    ['with a certificate that is none', { caCertificate: 'abc' }, 'caCertificate'],
    ['with a link to no alert', { alertUrl: 'https://noc.example/alerts' }, 'alertUrl'],
    ['with a link to an alert', { alertUrl: 'https://noc.example/alerts/plant/{id}' }, undefined],
  ])('%s is accepted or refused with its field', (_what, changes, field) => {
    expect(fieldOf(() => checkSmtp(body(changes)))).toBe(field);
  });

  it('refuses what can’t be a host or an address', () => {
    for (const [field, value] of [
      ['host', 'mail.example.com:587'],
      ['host', '192.0.2.1:25'],
      ['host', 'https://mail.example.com'],
      ['fromAddress', 'ops'],
      ['replyTo', 'a@b.example\r\nBcc: c@d.example'],
      ['port', 0],
    ] as const)
      expect(notifications.putSmtp.body.safeParse({ ...body(), version: 0, [field]: value }).error?.issues[0]?.path, String(value)).toEqual(
        [field],
      );
  });

  it('hides the stored password, and keeps it for *** as long as it goes to the same server in the same way', () => {
    const record = stored(body());
    expect(JSON.stringify(toSettings(record))).not.toContain('secret');
    expect(toServer(record, vault).password).toBe('secret');
    const kept = (changes: Partial<SmtpInput>) => passwordToStore({ ...body(), password: '***', ...changes }, record, vault);
    expect(kept({ fromName: 'Night shift' })).toBe(record.passwordSealed);
    const elsewhere: Partial<SmtpInput>[] = [
      { host: 'mail.eve.example' },
      { port: 2_525 },
      { security: 'none' },
      { username: 'eve' },
      { caCertificate: 'of eve' },
    ];
    for (const change of elsewhere)
      expect(
        fieldOf(() => kept(change)),
        JSON.stringify(change),
      ).toBe('password');
    expect(fieldOf(() => passwordToStore({ ...body(), password: '***' }, null, vault))).toBe('password');
    expect(vault.open(kept({ password: 'new' }) ?? '')).toBe('new');
    expect(kept({ username: '', password: '' })).toBeNull();
  });
});

describe('the mail server’s host', () => {
  it.each(['mail', 'mail.example.com', '192.0.2.1', '::1', '2001:db8::25', '::ffff:192.0.2.1'])('may be %s', (host) => {
    expect(body({ host }).host).toBe(host);
  });

  it('is refused with a hint in plain words, as an address is', () => {
    const refusal = (changes: object) => checkPart(notifications.putSmtp.body, 'body', { ...body(), version: 0, ...changes });
    expect(refusal({ host: 'mail:25' })).toMatchObject({ error: { field: 'host', message: expect.stringContaining('without the port') } });
    expect(refusal({ fromAddress: 'ops' })).toMatchObject({ error: { field: 'fromAddress', hint: 'Send an e-mail address.' } });
  });
});

describe('the addresses for an alert', () => {
  const recipients = (changes: object) => ({
    ...notifications.createRecipients.body.parse({ name: 'n', addresses: ['a@x.example'], severities: ['CRITICAL'], ...changes }),
    id: '0198c0de-0000-7000-8000-000000000001',
    by: 'ada',
    createdAt: 0,
    version: 1,
  });
  const alert = { severity: 'CRITICAL' as const, ruleCode: 'disk-full' };

  it('are those of its severity and rule, each once and in the language of the first', () => {
    const all = [
      recipients({ language: 'ar' }),
      recipients({ addresses: ['A@x.example', 'b@x.example'], ruleCodes: ['disk-full', 'other'] }),
      recipients({ addresses: ['c@x.example'], severities: ['HIGH', 'WARNING'] }),
      recipients({ addresses: ['d@x.example'], ruleCodes: ['other'] }),
    ];
    expect(toAddressees(all, alert)).toEqual([
      { address: 'a@x.example', language: 'ar' },
      { address: 'b@x.example', language: 'en' },
    ]);
    expect(toAddressees(all, { ...alert, severity: 'INFO' })).toEqual([]);
  });
});
