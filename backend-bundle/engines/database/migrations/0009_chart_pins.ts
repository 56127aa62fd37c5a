import { type RawBuilder, sql } from 'kysely';
import type { Migration } from './migration.ts';

/**
 * Pins each rule to the version that its chart has now, because that is the one that the rule evaluated until now: an upgrade must neither
 * change what a rule measures nor leave it unprotected. A rule whose chart is missing stays without a pin. What was shipped is pinned too,
 * so that a rule that nobody edited still equals it. The history is append-only: its earlier versions have no pin.
 */
export const chartPins: Migration = {
  version: 9,
  name: 'chart pins',
  async up(run, { dialect, text }) {
    const isSqlite = dialect === 'sqlite';
    for (const [table, column] of [
      ['rules', 'definition'],
      ['shipped_rules', 'content'],
    ] as const) {
      // Qualified, because charts have a column of the same name.
      const json = sql.ref(`${table}.${column}`);
      // Text, not JSON functions, where those would fail on a damaged row. The chart's code comes before any text that could contain its name.
      const chart = isSqlite
        ? sql`case when json_valid(${json}) then json_extract(${json}, '$.chartCode') end`
        : sql`substring(${json} from '"chartCode":"([^"]*)"')`;
      await run(sql`update ${sql.table(table)}
        set ${sql.id(column)} = substr(${json}, 1, length(${json}) - 1) || ',"chartVersion":' || ${versionOf(chart)} || '}'
        where ${json} like '{%}' and ${versionOf(chart)} is not null`);
    }
    await run(sql`alter table rule_charts add column version bigint not null default 0`);
    await run(sql`update rule_charts set version = coalesce(${versionOf(sql`rule_charts.code`)}, 0)`);
    await run(sql`create table pinned_charts (
      code ${text} not null, version bigint not null, definition ${text} not null, primary key (code, version))`);
  },
};

const versionOf = (code: RawBuilder<unknown>) => sql`(select charts.version from charts where charts.code = ${code})`;
