import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const first: Migration = {
  version: 1,
  name: 'first',
  async up(run, ddl) {
    const { text, identity, clustered } = ddl;
    await run(sql`create table meta (key ${text} primary key, value ${text} not null)`);

    await run(sql`create table users (
      id ${text} primary key, username ${text} not null unique, display_name ${text} not null, role ${text} not null,
      password_hash ${text} not null, disabled integer not null, created_at bigint not null)`);
    await run(sql`create table refresh_tokens (
      id ${text} primary key, family_id ${text} not null, user_id ${text} not null references users (id) on delete cascade,
      token_hash ${text} not null unique, created_at bigint not null, expires_at bigint not null, used_at bigint)`);
    await run(sql`create index refresh_tokens_family on refresh_tokens (family_id)`);
    await run(sql`create index refresh_tokens_user on refresh_tokens (user_id)`);
    await run(sql`create index refresh_tokens_expiry on refresh_tokens (expires_at)`);
    await run(sql`create table api_keys (
      id ${text} primary key, name ${text} not null, secret_hash ${text} not null unique, created_at bigint not null,
      last_used_at bigint)`);
    await run(sql`create table idempotency (
      caller_id ${text} not null, key ${text} not null, fingerprint ${text} not null, status integer, reply ${text},
      created_at bigint not null, primary key (caller_id, key))`);
    await run(sql`create index idempotency_age on idempotency (created_at)`);

    await run(sql`create table sources (
      code ${text} primary key, name ${text} not null, kind ${text} not null, settings_sealed ${text} not null,
      write_access ${text} not null, checked_at bigint, updated_at bigint not null)`);
    await run(sql`create table loaders (
      code ${text} primary key, name ${text} not null, source_code ${text} not null references sources (code),
      sql_sealed ${text} not null, interval_ms bigint not null, history_ms bigint not null, overlap_ms bigint not null,
      unit ${text} not null, paused integer not null, version bigint not null, created_at bigint not null,
      updated_at bigint not null, updated_by ${text} not null, loaded_to bigint, history_from bigint, history_to bigint,
      consecutive_failures bigint not null)`);
    await run(sql`create index loaders_source on loaders (source_code)`);
    await run(sql`create table loader_runs (
      id ${text} primary key, loader_code ${text} not null references loaders (code) on delete cascade, kind ${text} not null,
      started_at bigint not null, duration_ms bigint not null, window_from bigint not null, window_to bigint not null,
      rows_read bigint not null, rows_loaded bigint not null, rows_rejected bigint not null, reject_reason ${text},
      error ${text})`);
    await run(sql`create index loader_runs_newest on loader_runs (loader_code, started_at)`);

    await run(sql`create table charts (code ${text} primary key, definition ${text} not null, updated_at bigint not null)`);
    await run(sql`create table rules (
      code ${text} primary key, definition ${text} not null, version bigint not null, updated_at bigint not null,
      updated_by ${text} not null, evaluated_at bigint)`);
    await run(sql`create table rule_states (
      rule_code ${text} not null, series_key ${text} not null, labels ${text} not null, state ${text} not null,
      evaluated_at bigint not null, primary key (rule_code, series_key))`);
    await run(sql`create table alerts (
      id ${text} primary key, rule_code ${text} not null, series_key ${text} not null, state ${text} not null,
      severity ${text} not null, fired_at bigint not null, resolved_at bigint, changed_at bigint not null,
      version bigint not null, body ${text} not null)`);
    await run(sql`create unique index alerts_one_firing on alerts (rule_code, series_key) where state = 'FIRING'`);
    await run(sql`create index alerts_newest on alerts (fired_at, id)`);
    await run(sql`create index alerts_changed on alerts (changed_at)`);
    await run(sql`create index alerts_of_rule on alerts (rule_code, fired_at)`);
    await run(sql`create table alert_events (
      id ${text} primary key, alert_id ${text} not null references alerts (id) on delete cascade, at bigint not null,
      kind ${text} not null, by_name ${text}, note ${text} not null)`);
    await run(sql`create index alert_events_of_alert on alert_events (alert_id, at)`);

    await run(sql`create table bus_events (seq ${identity}, type ${text} not null, at bigint not null, payload ${text} not null)`);
    await run(sql`create index bus_events_age on bus_events (at)`);
    await run(sql`create table bus_cursors (consumer ${text} primary key, seq bigint not null)`);
    await run(sql`create table dead_letters (
      id ${text} primary key, consumer ${text} not null, seq bigint not null, type ${text} not null, payload ${text} not null,
      reason ${text} not null, at bigint not null)`);
    await run(sql`create unique index dead_letters_once on dead_letters (consumer, seq)`);
    await run(sql`create table leases (
      name ${text} primary key, holder ${text} not null, fence bigint not null, expires_at bigint not null)`);

    await run(sql`create table audit (
      id ${text} primary key, at bigint not null, actor ${text} not null, action ${text} not null, entity ${text} not null,
      detail ${text} not null)`);
    await run(sql`create index audit_newest on audit (at)`);
    for (const statement of ddl.appendOnly('audit')) await run(statement);

    await run(sql`create table series (
      id ${identity}, kind ${text} not null, name ${text} not null, series_key ${text} not null, labels ${text} not null,
      unit ${text} not null, last_at bigint not null, unique (kind, name, series_key))`);
    await run(sql`create table points (
      series_id bigint not null, t bigint not null, count bigint not null, min double precision not null,
      max double precision not null, avg double precision not null, sum double precision not null,
      primary key (series_id, t)) ${clustered}`);
    await run(sql`create table metric_batches (batch_id ${text} primary key, at bigint not null)`);
    await run(sql`create index metric_batches_age on metric_batches (at)`);
  },
};
