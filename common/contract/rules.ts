import { z } from 'zod';
import { dayMs, hourMs } from '../time/durations.ts';
import { condition, match, maxRuleDurationMs } from './conditions.ts';
import { endpoint } from './endpoint.ts';
import { code, durationMs, epochMs, epochMsInput, labels, numberInText, severity } from './primitives.ts';
import { timeZone } from './signals.ts';
import { historyOf, recordFields } from './versions.ts';

/** The effect of NO_DATA or ERROR on the alert: it fires, counts as OK, or keeps its state. */
const blindPolicy = z.enum(['alert', 'ok', 'keep']);
export type BlindPolicy = z.infer<typeof blindPolicy>;

/** Name of a label or annotation of a rule. */
const textName = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'Begin with a letter, and use letters, digits and "_".');
/** Maximum number of labels of a rule, and of its annotations. */
const maxTexts = 20;
const bounded = (texts: Record<string, string>) => Object.keys(texts).length <= maxTexts;
const tooMany = { error: `Use at most ${maxTexts}.`, params: { reason: 'too_many', limit: maxTexts } };

/** An alert rule extends a chart definition: the chart defines the data, the rule the conditions. */
export const ruleInput = z.strictObject({
  code,
  name: z.string().min(1).max(120),
  chartCode: code,
  /**
   * The version of the chart that the rule evaluates. A newer one that measures something else waits until the rule's owner accepts it.
   * Absent: at creation the newest; in a change the version that the rule has; in a stored rule whose chart was missing, always the newest.
   */
  chartVersion: z.number().int().min(1).optional(),
  /** Narrows the chart's series: only those with all of these labels are evaluated. */
  matchLabels: labels.default({}),
  conditions: z.array(condition).min(1).max(10),
  match: match.default({ kind: 'all' }),
  /** The conditions must hold at every evaluation for this long before the rule fires, ms. */
  forMs: durationMs.max(maxRuleDurationMs).default(0),
  /** The rule stays FIRING until the conditions have been false for this long, ms. */
  keepFiringForMs: durationMs.max(maxRuleDurationMs).default(0),
  severity,
  onNoData: blindPolicy.default('alert'),
  onError: blindPolicy.default('keep'),
  evaluateEveryMs: durationMs.min(1_000).max(hourMs).default(30_000),
  /** Windows end this long before the evaluation, because points may arrive late, ms. Default: the interval and overlap of the loader. */
  delayMs: durationMs.max(dayMs).optional(),
  /** Zone of the calendar by which baselines count days, weeks and months. */
  timeZone: timeZone.default('UTC'),
  /** After firing, no new notification for the same series within this time, ms; the state still advances. */
  suppressMs: durationMs.max(maxRuleDurationMs).default(0),
  /**
   * Labels that the rule adds to its alerts, such as a team or a site. Values may be templates. A label of the series with the same name
   * stays; the rule's is then added as `rule_NAME`.
   */
  labels: z.record(textName, z.string().max(512)).refine(bounded, tooMany).default({}),
  /** Texts of its alerts by name: `summary`, `description` or any other. They may be templates. */
  annotations: z.record(textName, z.string().max(2_000)).refine(bounded, tooMany).default({}),
  /** The first things to check; shown with the alert. May be a template. */
  runbook: z.string().max(2_000).default(''),
  /** The ready rule from which it was made. */
  templateCode: code.optional(),
  /** The person or team who looks after the rule; empty if nobody does. */
  owner: z.string().max(120).default(''),
  enabled: z.boolean().default(true),
});
export type RuleInput = z.infer<typeof ruleInput>;

/** A rule as it may be stored: in earlier versions of the product, a rule had exactly one condition. */
export const storedRule = z.preprocess((stored) => {
  if (typeof stored !== 'object' || stored === null || !('condition' in stored)) return stored;
  const { condition: only, ...rest } = stored;
  return { ...rest, conditions: [only] };
}, ruleInput);

const ruleStates = ['OK', 'PENDING', 'FIRING', 'NO_DATA', 'ERROR'] as const;
/** RESOLVED is the transition from FIRING to OK, not a lasting state. */
export const ruleState = z.enum(ruleStates);
export type RuleStateName = z.infer<typeof ruleState>;

/**
 * One sentence of a reason as data, from which it is written in any language: durations in ms, times as epoch ms, values with their `unit`.
 * Codes are stable; the sentence of each is in `common/words/reasons.ts`.
 */
export const reasonDetail = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });
export type ReasonDetail = z.infer<typeof reasonDetail>;

/** Why a rule is in its state: one reason per condition, with the numbers of its evaluation. */
export const reason = z.object({
  kind: z.enum(['threshold', 'no-data', 'error']),
  /** The reason in English, for logs, mail and scripts. */
  text: z.string(),
  /** Data from which the text is written in other languages. Absent if an older backend wrote it. */
  details: z.array(reasonDetail).optional(),
  /** The window's points as one value, in the chart's unit. */
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  /** The difference, ratio or deviation that was compared with the threshold; absent if that was the value itself. */
  compared: z.number().optional(),
  /** The earlier or usual value, or the ends of the range, with which the value was compared. In the chart's unit. */
  reference: z.object({ low: z.number(), high: z.number() }).optional(),
  /** Window that was evaluated, ms. */
  windowFrom: epochMs,
  windowTo: epochMs,
  points: z.number().int(),
  holds: z.boolean(),
  /** Intervals of the window for which points are missing, or may be, because the store was damaged. Only in the reason about damage. */
  damaged: z.array(z.object({ from: epochMs, to: epochMs })).optional(),
});
export type Reason = z.infer<typeof reason>;

/** The state of a rule for one series. */
const seriesStatus = z.object({
  seriesKey: z.string(),
  labels,
  state: ruleState,
  /** When it entered this state, ms. */
  since: epochMs,
  evaluatedAt: epochMs,
  value: z.number().nullable(),
  reasons: z.array(reason),
});
export type SeriesStatus = z.infer<typeof seriesStatus>;

/** A stored rule, who changed it and when, and its states. */
export const rule = ruleInput.extend({
  ...recordFields,
  statuses: z.array(seriesStatus),
  evaluatedAt: epochMs.nullable(),
  /** Alerts that the rule raised in the last 7 days; null if a backend of an older version doesn't report it. */
  firedLastWeek: z.number().int().min(0).nullable().default(null),
  /** When the rule last fired, ms; null if it never did or an older backend doesn't report it. */
  lastFiredAt: epochMs.nullable().default(null),
  /**
   * The newest version of the chart, if it measures something else than the rule's and waits to be accepted. Null if none does, if that
   * can't be told because the charts service doesn't answer, or if an older backend doesn't report it.
   */
  newChartVersion: z.number().int().min(1).nullable().default(null),
  /** Unit of the version of the chart that the rule evaluates. Null if that can't be told, as for `newChartVersion`. */
  chartUnit: z.string().nullable().default(null),
});
export type Rule = z.infer<typeof rule>;

/** A row of the log of evaluations: of one series at one evaluation. */
const loggedEvaluation = z.object({
  at: epochMs,
  seriesKey: z.string(),
  value: z.number().nullable(),
  /** Share of the weights of the conditions that hold, 0 to 1; null if there was no data to decide. */
  score: z.number().nullable(),
  state: ruleState,
  /** How long reading and evaluating the rule took, ms. */
  durationMs: z.number(),
});
export type LoggedEvaluation = z.infer<typeof loggedEvaluation>;

/** What ready rules are about; the headings of their list. */
const readyGroups = ['loaders', 'hosts', 'conveyor', 'databases', 'platform', 'general'] as const;
export type ReadyGroup = (typeof readyGroups)[number];

/** How well a ready rule suits a chart, the best first: made for its data, for its name and unit, for its unit, or for any chart. */
export const readyFits = ['data', 'name', 'unit', 'any'] as const;
export type ReadyFit = (typeof readyFits)[number];

/** A ready rule, from which rules are made. Codes are stable; the texts of each are in `common/words/ready-rules`. */
const ruleTemplate = z.object({
  code,
  group: z.enum(readyGroups),
  /** Fields that depend on the site, which a person should check: `conditions.0.threshold`. */
  check: z.array(z.string()),
  /** Null if no chart was named, as is `rule`. */
  fit: z.enum(readyFits).nullable(),
  /** The rule for the chart, with an unused code: it can be created as it is. */
  rule: ruleInput.nullable(),
});

const path = '/api/v1/alerts/rules';
const params = z.object({ code });

/** Maximum number of rules that one request pauses or activates. */
export const maxStatusRules = 500;
const ruleStatusInput = z.enum(['ACTIVE', 'PAUSED', 'ENABLED', 'DISABLED']);
export type RuleStatus = z.infer<typeof ruleStatusInput>;

export const rules = {
  list: endpoint({
    method: 'GET',
    path,
    role: 'VIEWER',
    summary: 'List alert rules with their states.',
    reply: z.object({ items: z.array(rule) }),
  }),
  get: endpoint({
    method: 'GET',
    path: `${path}/:code`,
    role: 'VIEWER',
    summary: 'Get an alert rule.',
    params,
    reply: rule,
    errors: ['not_found'],
  }),
  schema: endpoint({
    method: 'GET',
    path: `${path}/schema`,
    role: 'VIEWER',
    summary: 'The JSON schema of alert rules in YAML files.',
    reply: z.record(z.string(), z.unknown()),
  }),
  templates: endpoint({
    method: 'GET',
    path: `${path}/templates`,
    role: 'VIEWER',
    summary: 'List the ready rules. With `chart`, those that suit it, the best first, each as a rule that can be created as it is.',
    query: z.strictObject({ chart: code.optional() }),
    reply: z.object({ items: z.array(ruleTemplate) }),
    errors: ['not_found'],
  }),
  chartUsage: endpoint({
    method: 'GET',
    path: `${path}/chart-usage`,
    role: 'SERVICE',
    summary: 'For services of this backend: the chart that each rule evaluates.',
    reply: z.object({ items: z.array(z.object({ code, name: z.string(), chartCode: code })) }),
  }),
  evaluations: endpoint({
    method: 'GET',
    path: `${path}/:code/evaluations`,
    role: 'VIEWER',
    summary: 'List logged evaluations of a rule, newest first: each change of state, and otherwise one in 5 minutes for each series.',
    params,
    query: z.strictObject({
      /** Half-open, epoch ms. */
      from: numberInText(epochMsInput).optional(),
      to: numberInText(epochMsInput).optional(),
      limit: numberInText(z.number().int().min(1).max(10_000)).default(1_000),
    }),
    reply: z.object({ items: z.array(loggedEvaluation) }),
    errors: ['not_found'],
  }),
  create: endpoint({
    method: 'POST',
    path,
    role: 'OPERATOR',
    summary: 'Create an alert rule.',
    body: ruleInput,
    reply: rule,
    errors: ['conflict', 'not_found'],
  }),
  update: endpoint({
    method: 'PUT',
    path: `${path}/:code`,
    role: 'OPERATOR',
    summary: 'Replace an alert rule. `version` must be the one that was read.',
    params,
    body: ruleInput.extend({ version: z.number().int() }),
    reply: rule,
    errors: ['not_found', 'version_conflict'],
  }),
  setStatuses: endpoint({
    method: 'PUT',
    path: `${path}/status`,
    role: 'OPERATOR',
    summary: 'Activate or pause several alert rules at once. Those that don’t exist are listed; the others are changed.',
    body: z.strictObject({ codes: z.array(code).min(1).max(maxStatusRules), status: ruleStatusInput }),
    reply: z.object({ changed: z.array(code), missing: z.array(code) }),
  }),
  setStatus: endpoint({
    method: 'PUT',
    path: `${path}/:code/status`,
    role: 'OPERATOR',
    summary:
      'Activate (`ACTIVE`) or pause (`PAUSED`) an alert rule; `ENABLED` and `DISABLED` mean the same. Pausing it resolves its firing alerts.',
    params,
    body: z.strictObject({ status: ruleStatusInput }),
    reply: rule,
    errors: ['not_found'],
  }),
  remove: endpoint({
    method: 'DELETE',
    path: `${path}/:code`,
    role: 'OPERATOR',
    summary: 'Delete an alert rule. Its firing alerts resolve.',
    params,
    reply: z.void(),
    errors: ['not_found'],
  }),
  ...historyOf({ path, role: 'OPERATOR', what: 'rule', body: ruleInput, reply: rule }),
};
