import type { Rule, RuleInput, SeriesStatus } from '#common/contract/rules.ts';
import { weekMs } from '#common/time/durations.ts';
import { detail } from '#common/words/reasons.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import type { Versioned, VersionRecord, Versions } from '../versions.store.ts';
import type { StoredState } from './alerting.store.ts';
import { type AlertEngines, resolveAllOfRule } from './transitions.store.ts';

export type RuleVersions = Versions<RuleInput, 'alerting'>;

export interface StoredRule extends RuleInput, VersionRecord {
  /** Epoch ms; null until this version of the rule has been evaluated. */
  evaluatedAt: number | null;
}

/** A rule with the delay that applies to it, its own or its loader's. */
export type DelayedRule = StoredRule & { delayMs: number };

/** Returns every readable rule by its code. It is called several times a second, so only changed rules are parsed. */
export async function listRules(db: Queries<'alerting'>, versions: RuleVersions): Promise<StoredRule[]> {
  const all = await versions.list(db);
  const rows = await db.selectFrom('rules').select(['code', 'evaluated_at']).execute();
  const evaluatedAt = new Map(rows.map((row) => [row.code, row.evaluated_at]));
  return all.flatMap((kept) => {
    const at = evaluatedAt.get(kept.body.code);
    return at === undefined ? [] : [toStored(kept, at)];
  });
}

export async function findRule(db: Queries<'alerting'>, versions: RuleVersions, code: string): Promise<StoredRule | null> {
  const kept = await versions.find(db, code);
  return kept === null ? null : toStored(kept, await evaluatedAtOf(db, code));
}

/** @throws AppError not_found */
export async function getRule(db: Queries<'alerting'>, versions: RuleVersions, code: string): Promise<StoredRule> {
  return toStored(await versions.get(db, code), await evaluatedAtOf(db, code));
}

/** What the chart of a rule says about it. */
export type ChartFacts = Pick<Rule, 'newChartVersion' | 'chartUnit'>;
const unknownChart: ChartFacts = { newChartVersion: null, chartUnit: null };

export function toReply(rule: StoredRule, states: StoredState[], firings: Firings = noFirings, chart: ChartFacts = unknownChart): Rule {
  const statuses = states.map(({ seriesKey, labels, record }): SeriesStatus => {
    const { state, since, evaluatedAt, value, reasons } = record;
    return { seriesKey, labels, state, since, evaluatedAt, value, reasons };
  });
  return { ...rule, statuses, ...firings, ...chart };
}

/** How often a rule has fired lately, and when it last did. */
type Firings = Pick<Rule, 'firedLastWeek' | 'lastFiredAt'>;
const noFirings: Firings = { firedLastWeek: 0, lastFiredAt: null };

/**
 * Counts the alerts of every rule in the last 7 days, by rule code. Rules are looked up one by one in the index of alerts by rule and
 * time, because alerts are never deleted: grouping them would read all of them.
 * @param code counts one rule only
 */
export async function firingsByRule(db: Queries<'alerting'>, now: number, code?: string): Promise<Map<string, Firings>> {
  const all = db.selectFrom('rules').select((rule) => {
    const alerts = rule.selectFrom('alerts').whereRef('alerts.rule_code', '=', 'rules.code');
    return [
      'rules.code',
      alerts
        .where('alerts.fired_at', '>=', now - weekMs)
        .select((alert) => alert.fn.countAll().as('count'))
        .as('last_week'),
      alerts.select((alert) => alert.fn.max('alerts.fired_at').as('at')).as('last_at'),
    ];
  });
  const rows = await (code === undefined ? all : all.where('rules.code', '=', code)).execute();
  return new Map(
    rows.map(({ code, last_week, last_at }) => [
      code,
      { firedLastWeek: Number(last_week), lastFiredAt: last_at === null ? null : Number(last_at) },
    ]),
  );
}

/**
 * Applies the effects of a new version of a rule: resolves alerts that it no longer covers, and makes it due at once, in whichever process
 * holds it.
 * @param before null when there was no rule with that code
 */
export async function applyChange(
  tx: Tx<'alerting'>,
  engines: AlertEngines,
  { before, after, by, at }: { before: Versioned<RuleInput> | null; after: RuleInput; by: string; at: number },
): Promise<void> {
  if (!after.enabled) await resolveAllOfRule(tx, engines, after.code, by, detail('rule_disabled', {}), at);
  else if (before !== null && before.body.chartCode !== after.chartCode)
    await resolveAllOfRule(tx, engines, after.code, by, detail('rule_moved', {}), at);
  await tx.updateTable('rules').set({ evaluated_at: null }).where('code', '=', after.code).execute();
}

function toStored({ body, record }: Versioned<RuleInput>, evaluatedAt: number | null): StoredRule {
  return { ...body, ...record, evaluatedAt };
}

async function evaluatedAtOf(db: Queries<'alerting'>, code: string): Promise<number | null> {
  const row = await db.selectFrom('rules').select('evaluated_at').where('code', '=', code).executeTakeFirst();
  return row?.evaluated_at ?? null;
}
