import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** Adds the mail server, the recipients, and e-mails with the tries to send them. */
export const notifications: Migration = {
  version: 11,
  name: 'notifications',
  async up(run, { text }) {
    await run(sql`create table smtp_settings (
      name ${text} primary key, body ${text} not null, password_sealed ${text}, version bigint not null,
      updated_at bigint not null, updated_by ${text} not null)`);
    await run(sql`create table mail_recipients (id ${text} primary key, version bigint not null, body ${text} not null)`);
    await run(sql`create table mail_messages (
      id ${text} primary key, alert_id ${text} not null, kind ${text} not null, address ${text} not null, language ${text} not null,
      body ${text} not null, state ${text} not null, attempts bigint not null, next_try_at bigint not null, created_at bigint not null)`);
    await run(sql`create unique index mail_messages_once on mail_messages (alert_id, kind, address)`);
    await run(sql`create index mail_messages_waiting on mail_messages (next_try_at) where state = 'waiting'`);
    await run(sql`create table mail_attempts (
      id ${text} primary key, at bigint not null, kind ${text} not null, alert_id ${text}, address ${text} not null, subject ${text} not null,
      attempt bigint not null, outcome ${text} not null, stage ${text}, code bigint, text ${text} not null, duration_ms double precision not null,
      next_try_at bigint)`);
    await run(sql`create index mail_attempts_at on mail_attempts (at)`);
    await run(sql`create index mail_attempts_alert on mail_attempts (alert_id)`);
  },
};
