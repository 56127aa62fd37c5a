import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/**
 * Adds versions of rules, like those of charts and dashboards. A rule keeps its version number. Earlier versions were never stored, so its
 * history starts with the current one, whose author is the person who last changed the rule.
 */
export const ruleVersions: Migration = {
  version: 6,
  name: 'rule versions',
  async up(run, ddl) {
    const { text } = ddl;
    await run(sql`alter table rules add column created_at bigint not null default 0`);
    await run(sql`alter table rules add column created_by ${text} not null default ''`);
    await run(sql`update rules set created_at = updated_at, created_by = updated_by`);
    await run(sql`create table rule_versions (
      code ${text} not null, version bigint not null, at bigint not null, by_name ${text} not null,
      note ${text} not null, definition ${text} not null, primary key (code, version))`);
    await run(sql`insert into rule_versions (code, version, at, by_name, note, definition)
      select code, version, updated_at, updated_by,
        case when version > 1 then 'changed' when updated_by = 'watchfloor' then 'shipped' else 'created' end, definition
      from rules`);
    for (const statement of ddl.appendOnly('rule_versions')) await run(statement);
  },
};
