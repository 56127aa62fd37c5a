import { sql } from 'kysely';
import type { RequestOf } from '#common/contract/endpoint.ts';
import type { LoggedEvaluation, rules } from '#common/contract/rules.ts';
import { minuteMs } from '#common/time/durations.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import { chunks } from './alerting.store.ts';
import type { RuleEvaluation, SeriesEvaluation } from './evaluate-series.ts';

/** An evaluation that doesn't change the state is logged when this time has begun since the last one, ms. */
const everyMs = 5 * minuteMs;
/** Rows that one statement deletes. */
const maxDeleted = 5_000;

/** Logs evaluations in the transaction that stores them: each change of state, and otherwise one in five minutes. */
export async function logEvaluations(tx: Tx<'alerting'>, evaluations: readonly RuleEvaluation[]): Promise<void> {
  const rows = evaluations.flatMap(({ rule, series, at, durationMs }) =>
    series.filter((one) => isLogged(one, at)).map((one) => rowOf(one, { rule_code: rule.code, at, duration_ms: durationMs })),
  );
  const insert = tx.insertInto('rule_evaluations');
  // A second evaluation at the same time, such as after a change of the rule, replaces the first.
  for (const part of chunks(rows, 500))
    await insert
      .values(part)
      .onConflict((conflict) =>
        conflict.columns(['rule_code', 'at', 'series_key']).doUpdateSet((eb) => ({
          value: eb.ref('excluded.value'),
          score: eb.ref('excluded.score'),
          state: eb.ref('excluded.state'),
          duration_ms: eb.ref('excluded.duration_ms'),
        })),
      )
      .execute();
}

function isLogged({ before, after }: SeriesEvaluation, at: number): boolean {
  if (before?.state !== after?.state) return true;
  return before !== null && Math.floor(before.evaluatedAt / everyMs) !== Math.floor(at / everyMs);
}

function rowOf({ seriesKey, after, score }: SeriesEvaluation, common: { rule_code: string; at: number; duration_ms: number }) {
  // A series that ended has no state any more; its alert has resolved.
  return { ...common, series_key: seriesKey, value: after?.value ?? null, score, state: after?.state ?? 'OK' };
}

/** Lists logged evaluations of a rule, newest first. */
export async function listEvaluations(
  db: Queries<'alerting'>,
  code: string,
  { from, to, limit }: RequestOf<typeof rules.evaluations>['query'],
): Promise<LoggedEvaluation[]> {
  let find = db.selectFrom('rule_evaluations').selectAll().where('rule_code', '=', code);
  if (from !== undefined) find = find.where('at', '>=', from);
  if (to !== undefined) find = find.where('at', '<', to);
  const rows = await find.orderBy('at', 'desc').orderBy('series_key').limit(limit).execute();
  return rows.map(({ at, series_key: seriesKey, value, score, state, duration_ms: durationMs }) => ({
    at,
    seriesKey,
    value,
    score,
    state: state as LoggedEvaluation['state'],
    durationMs,
  }));
}

/** Deletes a bounded number of evaluations before a time, epoch ms. @returns how many */
export async function deleteEvaluations(db: Queries<'alerting'>, before: number): Promise<number> {
  const oldest = sql`select rule_code, at, series_key from rule_evaluations where at < ${before} limit ${sql.lit(maxDeleted)}`;
  const result = await sql`delete from rule_evaluations where (rule_code, at, series_key) in (${oldest})`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}
