import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** Adds dashboards and versions of charts. A shipped chart becomes its own first version. */
export const versions: Migration = {
  version: 2,
  name: 'versions',
  async up(run, ddl) {
    const { text } = ddl;
    await run(sql`alter table charts add column version bigint not null default 1`);
    await run(sql`alter table charts add column created_at bigint not null default 0`);
    await run(sql`alter table charts add column created_by ${text} not null default 'watchfloor'`);
    await run(sql`alter table charts add column updated_by ${text} not null default 'watchfloor'`);
    await run(sql`update charts set created_at = updated_at`);
    const history = sql`code ${text} not null, version bigint not null, at bigint not null, by_name ${text} not null,
      note ${text} not null, definition ${text} not null, primary key (code, version)`;
    await run(sql`create table chart_versions (${history})`);
    await run(sql`insert into chart_versions (code, version, at, by_name, note, definition)
      select code, 1, updated_at, 'watchfloor', 'shipped', definition from charts`);

    await run(sql`create table dashboards (
      code ${text} primary key, definition ${text} not null, version bigint not null, created_at bigint not null,
      created_by ${text} not null, updated_at bigint not null, updated_by ${text} not null)`);
    await run(sql`create table dashboard_versions (${history})`);
    await run(sql`create table dashboard_stars (
      dashboard_code ${text} not null references dashboards (code) on delete cascade, user_id ${text} not null,
      primary key (dashboard_code, user_id))`);
    await run(sql`create table dashboard_thumbnails (
      dashboard_code ${text} primary key references dashboards (code) on delete cascade, version bigint not null, image ${text} not null)`);
    for (const table of ['chart_versions', 'dashboard_versions']) for (const statement of ddl.appendOnly(table)) await run(statement);
  },
};
