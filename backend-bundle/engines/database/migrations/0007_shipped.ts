import { type RawBuilder, sql } from 'kysely';
import type { Migration } from './migration.ts';

/**
 * Every service that ships content remembers it in the same way: each code that was shipped, and the content that was stored for it
 * last, null where that isn't known. Of charts, dashboards and rules the history knows it, of the conveyor's loaders nobody does.
 */
export const shipped: Migration = {
  version: 7,
  name: 'shipped',
  async up(run, { dialect, text }) {
    for (const kind of ['charts', 'dashboards', 'rules', 'sources', 'loaders'])
      await run(sql`create table ${sql.id(`shipped_${kind}`)} (code ${text} primary key, content ${text})`);

    for (const [kind, history] of Object.entries({ charts: 'chart_versions', dashboards: 'dashboard_versions' }))
      await run(sql`insert into ${sql.id(`shipped_${kind}`)} (code, content)
        select codes.code, ${lastShipped(history)} from (select distinct code from ${sql.id(history)} where ${byProduct}) as codes`);
    await run(sql`insert into shipped_rules (code, content) select codes.code, ${lastShipped('rule_versions')} from rule_seeds as codes`);
    await run(sql`drop table rule_seeds`);

    const jsonObject = dialect === 'sqlite' ? sql`json_object` : sql`json_build_object`;
    const source = sql`${jsonObject}('code', code, 'settings', ${jsonObject}('kind', 'sqlite', 'file', file))`;
    await run(sql`insert into shipped_sources (code, content) select code, cast(${source} as text) from source_seeds`);
    for (const code of ['belt-speed', 'belt-current', 'belt-items', 'belt-rejects'])
      await run(sql`insert into shipped_loaders (code, content) select ${code}, null from source_seeds where code = 'conveyor'`);
    await run(sql`drop table source_seeds`);
  },
};

const byProduct = sql`by_name = 'watchfloor' and note = 'shipped'`;

/** The definition last shipped under a code of `codes`. */
function lastShipped(history: string): RawBuilder<unknown> {
  const table = sql.id(history);
  return sql`(select definition from ${table} where ${table}.code = codes.code and ${byProduct} order by version desc limit 1)`;
}
