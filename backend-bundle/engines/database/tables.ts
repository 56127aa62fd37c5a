import type { Generated } from 'kysely';

/** The current version of a definition, as JSON of its contract. */
interface VersionedRow {
  code: string;
  definition: string;
  version: number;
  created_at: number;
  created_by: string;
  updated_at: number;
  updated_by: string;
}
/** One version of a definition. Append-only, and kept when the definition is deleted. */
interface HistoryRow {
  code: string;
  version: number;
  at: number;
  by_name: string;
  note: string;
  definition: string;
}
/** A code that the product has shipped, and the content stored for it last, as JSON of its contract; null where that isn't known. */
interface ShippedRow {
  code: string;
  content: string | null;
}

/**
 * The tables of the control database, the same on every dialect. Times are epoch ms, booleans 0 or 1; structured values are JSON text,
 * validated by the contract when read.
 */
export interface Tables {
  meta: { key: string; value: string };

  users: { id: string; username: string; display_name: string; role: string; password_hash: string; disabled: number; created_at: number };
  /** `used_at` is set when the token is used. A second use ends the whole family. */
  refresh_tokens: {
    id: string;
    family_id: string;
    user_id: string;
    token_hash: string;
    created_at: number;
    expires_at: number;
    used_at: number | null;
  };
  api_keys: { id: string; name: string; secret_hash: string; created_at: number; last_used_at: number | null };
  /** Keys that the backend created for its own use. */
  own_keys: { name: string; secret_sealed: string };
  /** First replies to mutating calls; `status` is null while the first call is still running. */
  idempotency: { caller_id: string; key: string; fingerprint: string; status: number | null; reply: string | null; created_at: number };

  sources: {
    code: string;
    name: string;
    kind: string;
    settings_sealed: string;
    write_access: string;
    checked_at: number | null;
    updated_at: number;
  };
  /** History is loaded backwards: [history_to, …) is in; done when history_to <= history_from. */
  loaders: {
    code: string;
    name: string;
    source_code: string;
    sql_sealed: string;
    interval_ms: number;
    history_ms: number;
    overlap_ms: number;
    unit: string;
    time_zone: string;
    paused: number;
    version: number;
    created_at: number;
    updated_at: number;
    updated_by: string;
    loaded_to: number | null;
    history_from: number | null;
    history_to: number | null;
    consecutive_failures: number;
  };
  loader_runs: {
    id: string;
    loader_code: string;
    kind: string;
    started_at: number;
    duration_ms: number;
    window_from: number;
    window_to: number;
    rows_read: number;
    rows_loaded: number;
    rows_rejected: number;
    reject_reason: string | null;
    rows_replaced: number;
    /** JSON: counts by column. */
    rounded: string;
    error: string | null;
  };

  shipped_sources: ShippedRow;
  shipped_loaders: ShippedRow;

  charts: VersionedRow;
  chart_versions: HistoryRow;
  shipped_charts: ShippedRow;
  dashboards: VersionedRow;
  dashboard_versions: HistoryRow;
  shipped_dashboards: ShippedRow;
  dashboard_stars: { dashboard_code: string; user_id: string };
  dashboard_thumbnails: { dashboard_code: string; version: number; image: string };
  /** Copy of the chart definitions that rules use, for when the charts service does not answer. */
  rule_charts: { code: string; definition: string; version: Generated<number> };
  /** Earlier versions of charts that rules keep evaluating. They never change. */
  pinned_charts: { code: string; version: number; definition: string };
  rules: VersionedRow & { evaluated_at: number | null };
  rule_versions: HistoryRow;
  shipped_rules: ShippedRow;
  /** The state of each rule for each series; `state` is the record of `common/rules`. */
  rule_states: { rule_code: string; series_key: string; labels: string; state: string; evaluated_at: number };
  /** Log of evaluations: changes of state, and one row per series every few minutes. */
  rule_evaluations: {
    rule_code: string;
    at: number;
    series_key: string;
    value: number | null;
    score: number | null;
    state: string;
    duration_ms: number;
  };
  /** At most one FIRING row per rule and series (unique partial index), however many evaluators run. */
  alerts: {
    id: string;
    rule_code: string;
    series_key: string;
    state: string;
    severity: string;
    fired_at: number;
    resolved_at: number | null;
    changed_at: number;
    version: number;
    body: string;
  };
  alert_events: {
    id: string;
    alert_id: string;
    at: number;
    kind: string;
    by_name: string | null;
    note: string;
    /** JSON from which the note is written in any language; null for notes by people and by versions that only wrote English. */
    details: string | null;
  };
  /** Silences, maintenance windows and inhibitions, by `kind`. `ends_at` is set for silences only. */
  policies: { id: string; kind: 'silence' | 'maintenance' | 'inhibition'; ends_at: number | null; version: number; body: string };

  /** The mail server, in one row. The password is encrypted; null if there is none. */
  smtp_settings: { name: 'smtp'; body: string; password_sealed: string | null; version: number; updated_at: number; updated_by: string };
  mail_recipients: { id: string; version: number; body: string };
  /** E-mails to send and sent ones: one for each alert, kind and address. `body` is the alert with the event that caused it. */
  mail_messages: {
    id: string;
    alert_id: string;
    kind: 'triggered' | 'resolved';
    address: string;
    language: string;
    body: string;
    state: 'waiting' | 'sent' | 'failed';
    attempts: number;
    next_try_at: number;
    created_at: number;
  };
  /** One row for each try to send an e-mail. `alert_id` is null for a test. */
  mail_attempts: {
    id: string;
    at: number;
    kind: string;
    alert_id: string | null;
    address: string;
    subject: string;
    attempt: number;
    outcome: string;
    stage: string | null;
    code: number | null;
    text: string;
    duration_ms: number;
    next_try_at: number | null;
  };

  /** The transactional outbox and the event stream's replay window in one. */
  bus_events: { seq: Generated<number>; type: string; at: number; payload: string };
  bus_cursors: { consumer: string; seq: number };
  dead_letters: { id: string; consumer: string; seq: number; type: string; payload: string; reason: string; at: number };
  leases: { name: string; holder: string; fence: number; expires_at: number };

  /** Append-only: triggers refuse UPDATE and DELETE. */
  audit: { id: string; at: number; actor: string; action: string; entity: string; detail: string };

  series: { id: Generated<number>; kind: string; name: string; series_key: string; labels: string; unit: string; last_at: number };
  points: { series_id: number; t: number; count: number; min: number; max: number; avg: number; sum: number };
  metric_batches: { batch_id: string; at: number };
}

/** The owner of each table. Tables of `engines` are available to every process, but only through the ports. */
export const owners = {
  meta: 'engines',
  idempotency: 'engines',
  bus_events: 'engines',
  bus_cursors: 'engines',
  dead_letters: 'engines',
  leases: 'engines',
  audit: 'engines',
  series: 'engines',
  points: 'engines',

  users: 'gateway',
  refresh_tokens: 'gateway',
  api_keys: 'gateway',
  own_keys: 'gateway',

  metric_batches: 'signals',

  sources: 'loaders',
  loaders: 'loaders',
  loader_runs: 'loaders',
  shipped_sources: 'loaders',
  shipped_loaders: 'loaders',

  charts: 'charts',
  chart_versions: 'charts',
  shipped_charts: 'charts',

  dashboards: 'dashboards',
  dashboard_versions: 'dashboards',
  shipped_dashboards: 'dashboards',
  dashboard_stars: 'dashboards',
  dashboard_thumbnails: 'dashboards',

  rules: 'alerting',
  rule_versions: 'alerting',
  shipped_rules: 'alerting',
  rule_states: 'alerting',
  rule_evaluations: 'alerting',
  rule_charts: 'alerting',
  pinned_charts: 'alerting',
  alerts: 'alerting',
  alert_events: 'alerting',
  policies: 'alerting',

  smtp_settings: 'notifications',
  mail_recipients: 'notifications',
  mail_messages: 'notifications',
  mail_attempts: 'notifications',
} as const satisfies Record<keyof Tables, string>;

export type TableName = keyof Tables;
export type Owner = (typeof owners)[TableName];
/** The tables of one owner, or of several. */
export type TablesOf<O extends Owner> = Pick<Tables, { [T in TableName]: (typeof owners)[T] extends O ? T : never }[TableName]>;
