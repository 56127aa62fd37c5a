import { z } from 'zod';
import { dayMs, minuteMs } from '../time/durations.ts';
import { alert } from './alerts.ts';
import { endpoint } from './endpoint.ts';
import { durationMs, epochMs, epochMsInput, id } from './primitives.ts';
import { timeZone } from './signals.ts';

/** How a matcher compares, as in Alertmanager: equal, unequal, and a regular expression (RE2) that matches the whole value or doesn't. */
const matchOperators = ['=', '!=', '=~', '!~'] as const;

/** Selects alerts by a label. A label that an alert doesn't have counts as empty. */
const matcher = z.strictObject({
  name: z.string().min(1).max(128),
  operator: z.enum(matchOperators).default('='),
  value: z.string().max(1_000),
});
export type AlertMatcher = z.infer<typeof matcher>;

/** An alert is selected when all of the matchers match. */
const matchers = z.array(matcher).min(1).max(20);

const reason = z.string().trim().min(1).max(500);

/** A request for a silence: it mutes notifications of the alerts that match, from a time until another. Alerts stay visible. */
export const silenceInput = z.strictObject({
  matchers,
  /** Default: now. */
  startsAt: epochMsInput.optional(),
  endsAt: epochMsInput,
  /** Why: shown wherever the silence is the cause that nobody was notified. */
  reason,
});

/** The fields that the backend adds to a policy. */
const stored = {
  id,
  /** The person who created or last changed it, or the name of a program's key. */
  by: z.string(),
  createdAt: epochMs,
  version: z.number().int().min(1),
};

export const silence = z.object({ ...silenceInput.shape, startsAt: epochMs, endsAt: epochMs, ...stored });
export type Silence = z.infer<typeof silence>;

/** A date and time on a wall clock, without a zone: `2026-11-29T01:00`. */
const localTime = z
  .string()
  .regex(/^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/, 'Write a local time like 2026-11-29T01:00.');

/** A maintenance window: while it is open, the alerts that match don't notify. It may recur. */
const maintenanceInput = z.strictObject({
  name: z.string().trim().min(1).max(120),
  matchers,
  /** Zone of its wall-clock times. */
  timeZone,
  /** When it opens first, on the wall clock of its zone. */
  startsAt: localTime,
  /** How long it is open on the wall clock, ms: 01:00 to 05:00 ends at 05:00 on the days on which clocks change, too. */
  durationMs: durationMs.min(minuteMs).max(31 * dayMs),
  /** A recurrence rule of RFC 5545 without its start, such as `FREQ=WEEKLY;BYDAY=SU`. Null: it opens once. */
  recurrence: z.string().min(1).max(500).nullable().default(null),
  reason,
});
export type MaintenanceInput = z.infer<typeof maintenanceInput>;

export const maintenance = z.object({ ...maintenanceInput.shape, ...stored });
export type Maintenance = z.infer<typeof maintenance>;

/** While an alert that matches `source` fires, alerts that match `target` and have the same values of the labels in `equal` don't notify. */
const inhibitionInput = z.strictObject({
  name: z.string().trim().min(1).max(120),
  source: matchers,
  target: matchers,
  /** Label names. A label that is missing on both sides counts as equal. */
  equal: z.array(z.string().min(1).max(128)).max(20).default([]),
});

export const inhibition = z.object({ ...inhibitionInput.shape, ...stored });
export type Inhibition = z.infer<typeof inhibition>;

/** Everything that can keep a firing alert from notifying, beside its own acknowledgement and snooze. */
export const policyLists = z.object({ silences: z.array(silence), maintenance: z.array(maintenance), inhibitions: z.array(inhibition) });
export type Policies = z.infer<typeof policyLists>;

/** One step on the way of a firing alert to its notifications. `stop` says what ends the way there; null when the alert passes. */
const pathStep = z.discriminatedUnion('step', [
  z.object({ step: z.literal('inhibition'), stop: z.object({ inhibitionId: id, name: z.string(), sourceId: id }).nullable() }),
  z.object({
    step: z.literal('silence'),
    stop: z.object({ silenceId: id, by: z.string(), reason: z.string(), until: epochMs }).nullable(),
  }),
  z.object({
    step: z.literal('maintenance'),
    /** `until` is null when it doesn't close within a year. */
    stop: z.object({ maintenanceId: id, name: z.string(), reason: z.string(), until: epochMs.nullable() }).nullable(),
  }),
  /** `until` is null when it lasts until the alert resolves. */
  z.object({ step: z.literal('acknowledgement'), stop: z.object({ by: z.string(), until: epochMs.nullable() }).nullable() }),
  z.object({ step: z.literal('snooze'), stop: z.object({ by: z.string(), reason: z.string(), until: epochMs }).nullable() }),
  /** The rule notified of the same series within its suppression window. */
  z.object({ step: z.literal('suppression'), stop: z.object({}).nullable() }),
]);
export type PathStep = z.infer<typeof pathStep>;

/** The way of one alert through the policies, in their order, up to the first that stops it. */
const notificationPath = z.object({ notifies: z.boolean(), steps: z.array(pathStep) });
export type NotificationPath = z.infer<typeof notificationPath>;

const path = '/api/v1/alerts';
const params = z.object({ id });
/** The version that the change is based on. */
const version = z.number().int().min(1);

export const policies = {
  list: endpoint({
    method: 'GET',
    path: `${path}/policies`,
    role: 'VIEWER',
    summary: 'List the silences, maintenance windows and inhibitions. Silences that ended more than 30 days ago are left out.',
    reply: policyLists,
  }),
  preview: endpoint({
    method: 'POST',
    path: `${path}/policies/preview`,
    role: 'VIEWER',
    summary: 'List the firing alerts that matchers select, and count those of the last 7 days.',
    body: z.strictObject({ matchers }),
    reply: z.object({
      /** Number of firing alerts that match. */
      firing: z.number().int(),
      /** At most 100 of them, newest first. */
      alerts: z.array(alert),
      /** Number of alerts that fired within the last 7 days and match. */
      lastWeek: z.number().int(),
    }),
  }),
  path: endpoint({
    method: 'GET',
    path: `${path}/:id/path`,
    role: 'VIEWER',
    summary: 'Get the way of a firing alert through the policies: whether it notifies now, and otherwise what keeps it from that.',
    params,
    reply: notificationPath,
    errors: ['not_found', 'already_resolved'],
  }),
  createSilence: endpoint({
    method: 'POST',
    path: `${path}/silences`,
    role: 'OPERATOR',
    summary: 'Silence the alerts that match until a time, with a reason.',
    body: silenceInput,
    reply: silence,
  }),
  updateSilence: endpoint({
    method: 'PUT',
    path: `${path}/silences/:id`,
    role: 'OPERATOR',
    summary: 'Change a silence that has not ended.',
    params,
    body: silenceInput.extend({ version }),
    reply: silence,
    errors: ['not_found', 'version_conflict', 'conflict'],
  }),
  endSilence: endpoint({
    method: 'DELETE',
    path: `${path}/silences/:id`,
    role: 'OPERATOR',
    summary: 'End a silence now. It stays on the list.',
    params,
    reply: silence,
    errors: ['not_found'],
  }),
  createMaintenance: endpoint({
    method: 'POST',
    path: `${path}/maintenance`,
    role: 'OPERATOR',
    summary: 'Create a maintenance window.',
    body: maintenanceInput,
    reply: maintenance,
  }),
  updateMaintenance: endpoint({
    method: 'PUT',
    path: `${path}/maintenance/:id`,
    role: 'OPERATOR',
    summary: 'Change a maintenance window.',
    params,
    body: maintenanceInput.extend({ version }),
    reply: maintenance,
    errors: ['not_found', 'version_conflict'],
  }),
  removeMaintenance: endpoint({
    method: 'DELETE',
    path: `${path}/maintenance/:id`,
    role: 'OPERATOR',
    summary: 'Delete a maintenance window.',
    params,
    reply: z.void(),
    errors: ['not_found'],
  }),
  createInhibition: endpoint({
    method: 'POST',
    path: `${path}/inhibitions`,
    role: 'ADMIN',
    summary: 'Create an inhibition: alerts that match its source keep those that match its target from notifying.',
    body: inhibitionInput,
    reply: inhibition,
  }),
  updateInhibition: endpoint({
    method: 'PUT',
    path: `${path}/inhibitions/:id`,
    role: 'ADMIN',
    summary: 'Change an inhibition.',
    params,
    body: inhibitionInput.extend({ version }),
    reply: inhibition,
    errors: ['not_found', 'version_conflict'],
  }),
  removeInhibition: endpoint({
    method: 'DELETE',
    path: `${path}/inhibitions/:id`,
    role: 'ADMIN',
    summary: 'Delete an inhibition.',
    params,
    reply: z.void(),
    errors: ['not_found'],
  }),
};
