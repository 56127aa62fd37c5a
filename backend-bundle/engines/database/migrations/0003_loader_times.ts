import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** Adds the time zone of loaders, and the replaced rows and rounded values of runs. */
export const loaderTimes: Migration = {
  version: 3,
  name: 'loader-times',
  async up(run, { text }) {
    await run(sql`alter table loaders add column time_zone ${text} not null default 'UTC'`);
    await run(sql`alter table loader_runs add column rows_replaced bigint not null default 0`);
    await run(sql`alter table loader_runs add column rounded ${text} not null default '{}'`);
  },
};
