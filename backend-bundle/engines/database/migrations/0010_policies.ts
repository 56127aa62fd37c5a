import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** Adds silences, maintenance windows and inhibitions. */
export const policies: Migration = {
  version: 10,
  name: 'policies',
  async up(run, { text }) {
    await run(sql`create table policies (
      id ${text} primary key, kind ${text} not null, ends_at bigint, version bigint not null, body ${text} not null)`);
  },
};
