import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { errorBody } from './errors.ts';
import { code, epochMs, epochMsInput, id, type Labels, labels, numberInText, pageOf, pageQuery, severity } from './primitives.ts';
import { reason, reasonDetail } from './rules.ts';

const acknowledgement = z.object({
  by: z.string(),
  at: epochMs,
  note: z.string(),
  /** When it expires, ms; null if it lasts until the alert resolves. */
  expiresAt: epochMs.nullable(),
});
const snooze = z.object({ by: z.string(), at: epochMs, until: epochMs, reason: z.string() });

/** An alert: one firing of a rule for one series, from firing to resolved. */
export const alert = z.object({
  id,
  ruleCode: code,
  ruleName: z.string(),
  chartCode: code,
  /** The version of the chart that its rule evaluates; absent for the newest, and in alerts of older backends. */
  chartVersion: z.number().int().min(1).optional(),
  /** The ready rule from which its rule was made; absent if it was made from none, and in alerts of older backends. */
  templateCode: code.optional(),
  seriesKey: z.string(),
  /** Of the series, and those that the rule adds. */
  labels,
  /** The part of `labels` that the rule added. */
  ruleLabels: labels.default({}),
  severity,
  state: z.enum(['FIRING', 'RESOLVED']),
  /** Why it fired: the rule's condition, missing data, or a failed evaluation. */
  cause: z.enum(['condition', 'no-data', 'error']),
  value: z.number().nullable(),
  /** Of the rule's first condition; null when it does not compare the value itself. */
  threshold: z.number().nullable(),
  operator: z.string().nullable(),
  unit: z.string(),
  reasons: z.array(reason),
  /** When the condition first held, ms. */
  startedAt: epochMs,
  firedAt: epochMs,
  resolvedAt: epochMs.nullable(),
  /** Set when no notification was sent because the rule's suppression window had not passed. */
  suppressed: z.boolean(),
  acknowledgement: acknowledgement.nullable(),
  snooze: snooze.nullable(),
  /** Texts of the rule by name, filled in with the alert's labels and value: `summary`, `description` and others. */
  annotations: z.record(z.string(), z.string()).default({}),
  runbook: z.string(),
  /** Increases with every change; of two copies the one with the greater version wins. */
  version: z.number().int(),
});
export type Alert = z.infer<typeof alert>;

/**
 * An entry in an alert's history. `updated` means that the alert itself changed (value, cause, the rule's texts); without a note it is sent
 * with `alert.updated` but not stored.
 */
export const alertEvent = z.object({
  id,
  alertId: id,
  at: epochMs,
  kind: z.enum(['fired', 'resolved', 'acknowledged', 'unacknowledged', 'snoozed', 'unsnoozed', 'updated']),
  by: z.string().nullable(),
  /** The person's note, or the backend's note in English. */
  note: z.string(),
  /** Data from which the backend's note is written in other languages. Absent for notes by people and by older backends. */
  details: z.array(reasonDetail).optional(),
});
export type AlertEvent = z.infer<typeof alertEvent>;

/** Maximum number of changes in one request. */
export const maxAlertChanges = 500;
const changedAt = epochMsInput.optional();
/** One change to one alert in a request with many. `at` is when the person made it, ms: earlier than now if it was queued offline. */
export const alertChange = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('acknowledge'),
    id,
    note: z.string().max(2_000).default(''),
    expiresAt: epochMsInput.nullable().default(null),
    at: changedAt,
  }),
  z.strictObject({ kind: z.literal('unacknowledge'), id, at: changedAt }),
  z.strictObject({ kind: z.literal('snooze'), id, until: epochMsInput, reason: z.string().min(1).max(500), at: changedAt }),
  z.strictObject({ kind: z.literal('unsnooze'), id, at: changedAt }),
]);

/** The result of one change in a request with many: the changed alert, or why it was refused. */
const changeResult = z.union([z.object({ alert }), z.object({ error: errorBody.omit({ requestId: true }) })]);

/** An alert in the format for other programs: in the event stream, on the bus and in its history. */
export const alertSummary = z.object({
  alertId: id,
  /** The rule's code. */
  ruleId: code,
  ruleName: z.string(),
  /** The ready rule from which the rule was made; null if it was made from none. */
  templateCode: code.nullable().default(null),
  /** Null if the rule evaluates a metric. */
  loaderCode: z.string().nullable(),
  severity,
  /** When it fired, ms. */
  triggeredAt: epochMs,
  currentValue: z.number().nullable(),
  threshold: z.number().nullable(),
});
export type AlertSummary = z.infer<typeof alertSummary>;

/** Returns the labels that identify an alert's series, without those that its rule added. */
export function seriesLabels({ labels, ruleLabels }: Pick<Alert, 'labels' | 'ruleLabels'>): Labels {
  // The same object, so that whoever compares by identity sees no change.
  if (Object.keys(ruleLabels).length === 0) return labels;
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !Object.hasOwn(ruleLabels, name)));
}

export function summariseAlert(alert: Alert): AlertSummary {
  const { id, ruleCode, ruleName, templateCode = null, severity, firedAt, value, threshold } = alert;
  const loaderCode = seriesLabels(alert)['loader'] ?? null;
  const rule = { ruleId: ruleCode, ruleName, templateCode, loaderCode };
  return { alertId: id, ...rule, severity, triggeredAt: firedAt, currentValue: value, threshold };
}

/** An entry in the history of all alerts. */
const alertHistoryEntry = alertSummary.extend({
  segmentCode: z.string().nullable(),
  state: z.enum(['FIRING', 'RESOLVED']),
  resolvedAt: epochMs.nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: epochMs.nullable(),
});

const path = '/api/v1/alerts';
const params = z.object({ id });
const note = z.string().max(2_000);
/** When the person acted, ms: earlier than now if it was queued offline. Without a body, now. */
const when = z.strictObject({ at: epochMsInput.optional() }).default({});

export const alerts = {
  list: endpoint({
    method: 'GET',
    path,
    role: 'VIEWER',
    summary: 'List alerts, newest first.',
    query: pageQuery.extend({
      state: z.enum(['FIRING', 'RESOLVED']).optional(),
      severity: severity.optional(),
      ruleCode: code.optional(),
      /** Only alerts that changed at or after this time, ms. */
      changedSince: numberInText(epochMsInput).optional(),
    }),
    reply: pageOf(alert),
  }),
  history: endpoint({
    method: 'GET',
    path: `${path}/history`,
    role: 'VIEWER',
    summary: 'List fired alerts with their owners, newest first.',
    query: pageQuery.extend({
      state: z.enum(['FIRING', 'RESOLVED']).optional(),
      severity: severity.optional(),
      ruleId: code.optional(),
    }),
    reply: pageOf(alertHistoryEntry),
  }),
  get: endpoint({
    method: 'GET',
    path: `${path}/:id`,
    role: 'VIEWER',
    summary: 'Get an alert with its history.',
    params,
    reply: z.object({ alert, events: z.array(alertEvent) }),
    errors: ['not_found'],
  }),
  acknowledge: endpoint({
    method: 'POST',
    path: `${path}/:id/acknowledge`,
    role: 'OPERATOR',
    summary: 'Acknowledge an alert. You become its owner, and it sends no further notifications.',
    params,
    body: z.strictObject({
      note: note.default(''),
      expiresAt: epochMsInput.nullable().default(null),
      /** When the person acted, ms: earlier than now if it was queued offline. */
      at: epochMsInput.optional(),
    }),
    reply: alert,
    errors: ['not_found', 'already_resolved', 'conflict'],
  }),
  unacknowledge: endpoint({
    method: 'POST',
    path: `${path}/:id/unacknowledge`,
    role: 'OPERATOR',
    summary: 'Release an alert.',
    params,
    body: when,
    reply: alert,
    errors: ['not_found', 'already_resolved'],
  }),
  snooze: endpoint({
    method: 'POST',
    path: `${path}/:id/snooze`,
    role: 'OPERATOR',
    summary: 'Snooze an alert until a time, with a reason.',
    params,
    body: z.strictObject({ until: epochMsInput, reason: z.string().min(1).max(500), at: epochMsInput.optional() }),
    reply: alert,
    errors: ['not_found', 'already_resolved'],
  }),
  changeMany: endpoint({
    method: 'POST',
    path: `${path}/changes`,
    role: 'OPERATOR',
    summary: `Change up to ${maxAlertChanges} alerts in one request. Each change succeeds or fails independently; the results are in the order of the changes.`,
    body: z.strictObject({ changes: z.array(alertChange).min(1).max(maxAlertChanges) }),
    reply: z.object({ results: z.array(changeResult) }),
    bodyLimit: 2 * 1024 * 1024,
  }),
  unsnooze: endpoint({
    method: 'POST',
    path: `${path}/:id/unsnooze`,
    role: 'OPERATOR',
    summary: 'End a snooze.',
    params,
    body: when,
    reply: alert,
    errors: ['not_found', 'already_resolved'],
  }),
};
