import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/**
 * Gives each table one owner: what three services kept in `meta` moves into tables of their own, and alerting gets a copy of the charts
 * that rules use, which it fills when it starts.
 */
export const owners: Migration = {
  version: 4,
  name: 'owners',
  async up(run, { dialect, text }) {
    await run(sql`create table rule_charts (code ${text} primary key, definition ${text} not null)`);
    await run(sql`create table rule_seeds (code ${text} primary key)`);
    const seeds = sql`select value from meta where key = 'alerting.shipped-rules'`;
    await run(
      dialect === 'sqlite'
        ? sql`insert into rule_seeds (code) select code.value from (${seeds}) as seeds, json_each(seeds.value) as code`
        : sql`insert into rule_seeds (code) select code.value from (${seeds}) as seeds, json_array_elements_text(seeds.value::json) as code (value)`,
    );
    await run(sql`create table source_seeds (code ${text} primary key, file ${text} not null)`);
    await run(sql`insert into source_seeds (code, file) select 'conveyor', value from meta where key = 'loaders.conveyor-seeded'`);
    await run(sql`create table own_keys (name ${text} primary key, secret_sealed ${text} not null)`);
    await run(sql`insert into own_keys (name, secret_sealed) select 'agent', value from meta where key = 'agent_key'`);
    await run(sql`delete from meta where key in ('alerting.shipped-rules', 'loaders.conveyor-seeded', 'agent_key')`);
  },
};
