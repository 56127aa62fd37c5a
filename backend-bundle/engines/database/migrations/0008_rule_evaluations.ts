import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** Adds the log of evaluations. */
export const ruleEvaluations: Migration = {
  version: 8,
  name: 'rule evaluations',
  async up(run, { text, clustered }) {
    await run(sql`create table rule_evaluations (
      rule_code ${text} not null, at bigint not null, series_key ${text} not null, value double precision,
      score double precision, state ${text} not null, duration_ms double precision not null,
      primary key (rule_code, at, series_key)) ${clustered}`);
    await run(sql`create index rule_evaluations_age on rule_evaluations (at)`);
  },
};
