import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { code, epochMs, id, pageOf, pageQuery, severity } from './primitives.ts';

/** How the connection to the mail server is protected: not at all, by STARTTLS (without it nothing is sent), or by TLS from its start. */
const mailSecurity = z.enum(['none', 'starttls', 'tls']);

const mailAddress = z.email('Write an address like ops@example.com.').max(254);
/** Languages that mails are written in. */
const mailLanguage = z.enum(['en', 'ar']);
/** The version that a change is based on. */
const version = z.number().int().min(1);

/** The mail server that e-mails are sent through. */
const smtpFields = z.strictObject({
  host: z
    .string()
    .trim()
    .max(255)
    .regex(/^([A-Za-z0-9_.-]+|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)$/, 'Write a host name or an IP address, without the port.'),
  port: z.number().int().min(1).max(65_535),
  security: mailSecurity,
  /** Allows `none` for a server that isn't on the backend's own computer. */
  allowPlain: z.boolean().default(false),
  /** Empty: the server needs no authentication. */
  username: z.string().max(255).default(''),
  /** Shown as `***`, which keeps the stored one when it is sent back. */
  password: z.string().max(1_024).default(''),
  fromAddress: mailAddress,
  fromName: z.string().trim().max(120).default('Watchfloor'),
  replyTo: mailAddress.nullable().default(null),
  /** Certificates in PEM that are trusted besides the usual ones, for a server with a private authority. */
  caCertificate: z.string().max(50_000).nullable().default(null),
  /** Address of an alert in the console, with `{id}` in place of the alert's id. Null: mails contain no link. */
  alertUrl: z
    .url({ protocol: /^https?$/, error: 'Write an address that starts with http:// or https://.' })
    .max(1_000)
    .nullable()
    .default(null),
});
export type SmtpInput = z.infer<typeof smtpFields>;
/** The settings as they are stored: the password is encrypted and kept apart. */
export const storedSmtp = smtpFields.omit({ password: true });

const smtpSettings = smtpFields.extend({ version, updatedAt: epochMs, updatedBy: z.string() });
export type SmtpSettings = z.infer<typeof smtpSettings>;

/** Where a delivery failed. */
const deliveryStage = z.enum(['connection', 'tls', 'authentication', 'sender', 'recipient', 'message']);
export type DeliveryStage = z.infer<typeof deliveryStage>;

/** What the mail server said. */
const serverReply = {
  /** Null if everything succeeded. */
  stage: deliveryStage.nullable(),
  /** The reply code of the server (RFC 5321), such as 250 or 550; null if there was no reply. */
  code: z.number().int().nullable(),
  /** The reply of the server, or why there was none. */
  text: z.string(),
  durationMs: z.number(),
};

/** Who gets e-mails about which alerts. */
const mailRecipientsInput = z.strictObject({
  name: z.string().trim().min(1).max(120),
  addresses: z.array(mailAddress).min(1).max(50),
  severities: z.array(severity).min(1).max(4),
  /** Only alerts of these rules; empty for all rules. */
  ruleCodes: z.array(code).max(200).default([]),
  language: mailLanguage.default('en'),
});
export const mailRecipients = mailRecipientsInput.extend({ id, by: z.string(), createdAt: epochMs, version });
export type MailRecipients = z.infer<typeof mailRecipients>;

/** One try to send an e-mail. */
const mailAttempt = z.object({
  id,
  at: epochMs,
  kind: z.enum(['triggered', 'resolved', 'test']),
  /** Null for a test. */
  alertId: id.nullable(),
  address: z.string(),
  subject: z.string(),
  /** 1 for the first try. */
  attempt: z.number().int(),
  /** `retry`: it failed for now and is tried again. `failed`: it is not. */
  outcome: z.enum(['sent', 'retry', 'failed']),
  ...serverReply,
  /** When it is tried again, ms; null when it isn't. */
  nextTryAt: epochMs.nullable(),
});
export type MailAttempt = z.infer<typeof mailAttempt>;

const path = '/api/v1/notifications';
const params = z.object({ id });

export const notifications = {
  getSmtp: endpoint({
    method: 'GET',
    path: `${path}/smtp`,
    role: 'ADMIN',
    summary: 'Get the mail server that e-mails are sent through; null while none is set. The password is shown as `***`.',
    reply: z.object({
      settings: smtpSettings.nullable(),
      /** Why the stored password can't be used. */
      problem: z.string().optional(),
    }),
  }),
  putSmtp: endpoint({
    method: 'PUT',
    path: `${path}/smtp`,
    role: 'ADMIN',
    summary: 'Set the mail server. A password of `***` keeps the stored one, if host, port, security, user and certificate stay the same.',
    /** 0 if none was set before. */
    body: smtpFields.extend({ version: z.number().int().min(0) }),
    reply: smtpSettings,
    errors: ['version_conflict'],
  }),
  testSmtp: endpoint({
    method: 'POST',
    path: `${path}/smtp/test`,
    role: 'ADMIN',
    summary: 'Send a test e-mail through the stored mail server, and report what the server replied.',
    body: z.strictObject({ to: mailAddress, language: mailLanguage.default('en') }),
    reply: z.object({ ok: z.boolean(), ...serverReply }),
    errors: ['conflict'],
  }),
  recipients: endpoint({
    method: 'GET',
    path: `${path}/recipients`,
    role: 'OPERATOR',
    summary: 'List who gets e-mails about which alerts.',
    reply: z.object({ items: z.array(mailRecipients) }),
  }),
  createRecipients: endpoint({
    method: 'POST',
    path: `${path}/recipients`,
    role: 'ADMIN',
    summary: 'Send e-mails about some alerts to some addresses.',
    body: mailRecipientsInput,
    reply: mailRecipients,
  }),
  updateRecipients: endpoint({
    method: 'PUT',
    path: `${path}/recipients/:id`,
    role: 'ADMIN',
    summary: 'Change addresses, or the alerts they get e-mails about.',
    params,
    body: mailRecipientsInput.extend({ version }),
    reply: mailRecipients,
    errors: ['not_found', 'version_conflict'],
  }),
  removeRecipients: endpoint({
    method: 'DELETE',
    path: `${path}/recipients/:id`,
    role: 'ADMIN',
    summary: 'Stop sending e-mails to these addresses.',
    params,
    reply: z.void(),
    errors: ['not_found'],
  }),
  attempts: endpoint({
    method: 'GET',
    path: `${path}/attempts`,
    role: 'OPERATOR',
    summary: 'List the tries to send e-mails, newest first.',
    query: pageQuery.extend({ alertId: id.optional(), outcome: mailAttempt.shape.outcome.optional() }),
    reply: pageOf(mailAttempt),
  }),
};
