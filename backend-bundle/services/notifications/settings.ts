import { X509Certificate } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { AppError } from '#common/contract/errors.ts';
import type { SmtpInput, SmtpSettings } from '#common/contract/notifications.ts';
import { hidden } from '#common/contract/sources.ts';
import type { Vault } from '../../engines/port.ts';
import type { SmtpRecord } from './settings.store.ts';

/** A mail server with all that is needed to send through it. */
export type MailServer = Omit<SmtpInput, 'allowPlain'>;

/** Shown when the stored password is damaged or was encrypted with a missing key. */
const passwordProblem = 'The stored password can’t be read. Enter it again.';

/** Returns the settings with the password hidden. */
export function toSettings({ fields, passwordSealed, version, updatedAt, updatedBy }: SmtpRecord): SmtpSettings {
  return { ...fields, password: passwordSealed === null ? '' : hidden, version, updatedAt, updatedBy };
}

/** Returns why the stored password can't be used; null when it can. */
export function findPasswordProblem(record: SmtpRecord | null, vault: Vault): string | null {
  try {
    if (record !== null) toServer(record, vault);
    return null;
  } catch {
    return passwordProblem;
  }
}

/** @throws AppError unavailable when the password can't be decrypted */
export function toServer({ fields, passwordSealed }: SmtpRecord, vault: Vault): MailServer {
  try {
    return { ...fields, password: passwordSealed === null ? '' : vault.open(passwordSealed) };
  } catch (cause) {
    throw new AppError('unavailable', passwordProblem, { hint: 'Or put the old master.key back and restart the backend.', cause });
  }
}

/** Settings that decide who gets to see the password. */
const boundTo = ['host', 'port', 'security', 'username', 'caCertificate'] as const;

/**
 * Returns the encrypted password that goes with new settings: the given one, or the stored one for `***`.
 * @throws AppError validation_failed
 */
export function passwordToStore(next: SmtpInput, before: SmtpRecord | null, vault: Vault): string | null {
  if (next.username === '' || next.password === '') return null;
  if (next.password !== hidden) return vault.seal(next.password);
  const refuse = (message: string) =>
    new AppError('validation_failed', message, { field: 'password', hint: 'Enter the password of this user of the mail server.' });
  if (before === null || before.passwordSealed === null) throw refuse('"***" keeps a stored password, and there is none yet.');
  // Otherwise somebody who may change the settings could have the password sent to a server of their own, or where it can be listened to.
  if (boundTo.some((field) => before.fields[field] !== next[field]))
    throw refuse('The stored password was given for another server, user or protection.');
  return before.passwordSealed;
}

/** Checks what the schema can't. @throws AppError validation_failed, with the field */
export function checkSmtp({ host, security, allowPlain, username, password, caCertificate, alertUrl }: SmtpInput): void {
  const refuse = (field: keyof SmtpInput, message: string, hint: string) => new AppError('validation_failed', message, { field, hint });
  if (security === 'none' && !allowPlain && !isLoopback(host))
    throw refuse(
      'security',
      `Mails to ${host} would travel unencrypted.`,
      'Use STARTTLS or TLS, or set allowPlain if the network to this server is trusted.',
    );
  if (username !== '' && password === '')
    throw refuse('password', 'This is missing.', 'Enter the password, or leave the user empty as well.');
  if (username === '' && password !== '')
    throw refuse('username', 'This is missing.', 'Enter the user, or leave the password empty as well.');
  if (caCertificate !== null && !isCertificate(caCertificate))
    throw refuse(
      'caCertificate',
      'This isn’t a certificate in PEM.',
      'Paste the text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.',
    );
  if (alertUrl !== null && !alertUrl.includes('{id}'))
    throw refuse(
      'alertUrl',
      'The address doesn’t contain {id}.',
      'Open an alert in the console, copy its address, and write {id} in place of the alert’s id.',
    );
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.')) || (isIPv6(host) && /^::ffff:127\./i.test(host))
  );
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}
