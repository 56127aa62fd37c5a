import { z } from 'zod';
import { type Alert, type AlertEvent, alert } from '../alerts.ts';
import { code, epochMs, id } from '../primitives.ts';
import type { Rule, RuleInput } from '../rules.ts';
import { maxStatusRules, ruleInput } from '../rules.ts';
import type { VersionEntry } from '../versions.ts';
import type { Cached } from './cached.ts';
import { connectionId } from './connections.ts';
import { event, method, nothing, service } from './rpc.ts';

/** The changes that a person can make to an alert. */
export type ChangeKind = 'acknowledge' | 'unacknowledge' | 'snooze' | 'unsnooze';

/** An alert as this console shows it: the cached copy with pending changes from the outbox applied. */
export interface FeedAlert extends Alert {
  connectionId: string;
  /** Changes made here that the backend has not confirmed. */
  waiting: ChangeKind[];
  /** When this copy was last confirmed by the backend, ms. */
  asOf: number;
}

/** The changes in the list of alerts since it was last sent. */
export interface AlertsDelta {
  /** New alerts and newer copies. */
  changed: FeedAlert[];
  /** Alerts that are no longer in the list. */
  gone: { connectionId: string; id: string }[];
}

export interface AlertDetail {
  alert: FeedAlert;
  events: AlertEvent[];
  /** When the history was last read from the backend, ms; null when only the alert itself is known. */
  eventsAsOf: number | null;
}

/** Resolved alerts that `list` holds; older ones are not listed. */
export const maxResolvedListed = 1_000;
/** Maximum number of alerts in one call; callers with more make several calls. */
export const maxAlertsPerCall = 500;
const target = z.strictObject({ connectionId, ids: z.array(id).min(1).max(maxAlertsPerCall) });

const onRule = z.strictObject({ connectionId, code });
const version = z.number().int().min(1);

/** A rule as it was in one version. */
export interface RuleVersion {
  entry: VersionEntry;
  body: RuleInput;
}

/** Firings of a rule that `ruleFirings` returns; with as many, there may be older ones. */
export const maxRuleFirings = 100;

/** One firing of a rule for one series, as the console stores it for the rule. */
export const ruleFiring = alert.pick({ id: true, labels: true, severity: true, cause: true, firedAt: true, resolvedAt: true }).extend({
  acknowledgedBy: z.string().nullable(),
});
export type RuleFiring = z.infer<typeof ruleFiring>;

/** Queued changes and their ids in the outbox; undo takes these. */
export interface Queued {
  outboxIds: string[];
}

export const alerts = service({
  methods: {
    /** All firing alerts and those resolved in the last 7 days, newest first, from the local cache. */
    list: method<FeedAlert[]>()(nothing),
    get: method<AlertDetail>()(z.strictObject({ connectionId, id })),
    acknowledge: method<Queued>()(target.extend({ note: z.string().max(2_000).default(''), expiresAt: epochMs.nullable().default(null) })),
    unacknowledge: method<Queued>()(target),
    snooze: method<Queued>()(target.extend({ until: epochMs, reason: z.string().min(1).max(500) })),
    unsnooze: method<Queued>()(target),
    /** Undoes queued changes: those not yet sent are removed; for others the opposite change is queued. */
    undo: method<void>()(z.strictObject({ outboxIds: z.array(id).min(1).max(maxAlertsPerCall) })),
    rules: method<{ rules: Rule[]; asOf: number | null }>()(z.strictObject({ connectionId })),
    /** The newest alerts of a rule, at most `maxRuleFirings`, newest first, also those that `list` no longer holds. */
    ruleFirings: method<Cached<RuleFiring[]>>()(onRule),
    /** Changes to rules need the backend: they are never queued. */
    createRule: method<Rule>()(z.strictObject({ connectionId, rule: ruleInput })),
    updateRule: method<Rule>()(z.strictObject({ connectionId, rule: ruleInput.extend({ version: z.number().int() }) })),
    /** Switches a rule on or off. Off, its firing alerts resolve. */
    setRuleStatus: method<Rule>()(onRule.extend({ status: z.enum(['ACTIVE', 'PAUSED']) })),
    /** Switches several rules on or off. Those that don’t exist are listed; the others are changed. */
    setRuleStatuses: method<{ changed: string[]; missing: string[] }>()(
      z.strictObject({ connectionId, codes: z.array(code).min(1).max(maxStatusRules), status: z.enum(['ACTIVE', 'PAUSED']) }),
    ),
    /** Deletes a rule; its firing alerts resolve. */
    removeRule: method<void>()(onRule),
    ruleVersions: method<Cached<VersionEntry[]>>()(onRule),
    ruleVersion: method<Cached<RuleVersion | null>>()(onRule.extend({ version })),
    /** Restores version `to`; `version` is the one that was read. Needs the backend. */
    rollbackRule: method<Rule>()(onRule.extend({ to: version, version })),
  },
  events: {
    /** The changes in `list` since the previous event; `applyDelta` applies them. */
    changed: event<AlertsDelta>(),
    rulesChanged: event<{ connectionId: string }>(),
  },
});
