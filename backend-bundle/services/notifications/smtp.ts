import { rootCertificates } from 'node:tls';
import type { SMTPTransportOptions } from 'nodemailer';
import type { DeliveryStage } from '#common/contract/notifications.ts';
import { secondMs } from '#common/time/durations.ts';
import type { Mail } from './compose.ts';
import type { MailServer } from './settings.ts';

/** Limits for opening a connection, and for a silence of the server on it, ms. */
const connectMs = 10 * secondMs;
const silenceMs = 30 * secondMs;

/** Longest reply that is kept. */
const maxTextLength = 1_000;

/** The result of a try to send an e-mail. `stage` is null if the server accepted it. */
export interface Delivery {
  stage: DeliveryStage | null;
  /** The reply code of the server; null if there was no reply. */
  code: number | null;
  text: string;
  /** True if a later try may succeed. */
  isTemporary: boolean;
  durationMs: number;
}

/** Returns the Message-ID of an e-mail. Every try has the same one, so that mail programs show a message once that was accepted twice. */
export const messageIdFor = ({ fromAddress }: Pick<MailServer, 'fromAddress'>, id: string): string =>
  `<${id}@${fromAddress.slice(fromAddress.lastIndexOf('@') + 1)}>`;

/** Sends one e-mail to one address. Never throws: the result says what went wrong. */
export async function deliver(server: MailServer, to: string, messageId: string, mail: Mail): Promise<Delivery> {
  const started = performance.now();
  const durationMs = () => Math.round(performance.now() - started);
  try {
    // Loaded only when needed: most backends never send mail.
    const { createTransport } = await import('nodemailer');
    const info = await createTransport(optionsOf(server)).sendMail({
      from: { name: server.fromName, address: server.fromAddress },
      ...(server.replyTo === null ? {} : { replyTo: server.replyTo }),
      to,
      messageId,
      ...mail,
      // Keeps out-of-office replies from coming back (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return {
      stage: null,
      code: replyCode(info.response),
      text: info.response.slice(0, maxTextLength),
      isTemporary: false,
      durationMs: durationMs(),
    };
  } catch (error) {
    return { ...toFailure(error), durationMs: durationMs() };
  }
}

function optionsOf({ host, port, security, username, password, caCertificate }: MailServer): SMTPTransportOptions {
  return {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(username === '' ? {} : { auth: { user: username, pass: password } }),
    ...(caCertificate === null ? {} : { tls: { ca: [...rootCertificates, caCertificate] } }),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silenceMs,
  };
}

/** The parts of an error of nodemailer that say what happened. */
interface SmtpError {
  message: string;
  code?: string;
  /** The code of the system's error, such as ECONNREFUSED. */
  originalCode?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

/** Says where a delivery failed, and whether a later try may succeed: after a reply of 4xx, or without a reply if the connection failed. */
export function toFailure(error: unknown): Omit<Delivery, 'durationMs'> {
  const { message, response, responseCode, ...rest } = error as SmtpError;
  const stage = stageOf({ message, ...rest });
  const isTemporary = responseCode === undefined ? stage === 'connection' || stage === 'tls' : responseCode < 500;
  return { stage, code: responseCode ?? null, text: (response ?? message).slice(0, maxTextLength), isTemporary };
}

const stages: Record<string, DeliveryStage> = {
  ECONNECTION: 'connection',
  ETIMEDOUT: 'connection',
  ESOCKET: 'connection',
  EDNS: 'connection',
  EPROTOCOL: 'connection',
  ETLS: 'tls',
  EAUTH: 'authentication',
  ENOAUTH: 'authentication',
};

function stageOf({ code = '', originalCode = '', command }: SmtpError): DeliveryStage {
  // Codes of the system begin with E, those of certificates with their own words, such as UNABLE_TO_VERIFY_LEAF_SIGNATURE.
  if (originalCode !== '' && /^(?!E)|CERT|SSL|TLS/.test(originalCode)) return 'tls';
  if (command === 'MAIL FROM') return 'sender';
  if (command === 'RCPT TO') return 'recipient';
  return stages[code] ?? 'message';
}

function replyCode(response: string): number | null {
  const code = Number.parseInt(response, 10);
  return Number.isNaN(code) ? null : code;
}
