import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Queries } from './port.ts';
import { owners, type Tables, type TablesOf } from './tables.ts';

/** A handle that builds statements and runs none. */
const dialect = {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};
const charts: Queries<'charts'> = new Kysely<TablesOf<'charts'>>({ dialect });

describe('a service sees no tables but its own', () => {
  test('using another owner’s table does not compile', () => {
    const own = charts.selectFrom('charts').select('code').compile();
    // The compiler checks these lines: if a line has no error, the comment above it is one.
    const foreign = [
      // @ts-expect-error rules belong to alerting
      charts.selectFrom('rules').selectAll(),
      // @ts-expect-error dashboards belong to the dashboards service
      charts.insertInto('dashboards').values({ code: 'x' }),
      // @ts-expect-error loaders belong to the loaders service
      charts.updateTable('loaders').set({ paused: 1 }),
      // @ts-expect-error users belong to the gateway
      charts.deleteFrom('users'),
      // @ts-expect-error the outbox is filled through the bus
      charts.selectFrom('bus_events').selectAll(),
      // @ts-expect-error a join reaches no further
      charts.selectFrom('charts').innerJoin('rules', 'rules.code', 'charts.code').selectAll(),
    ];
    expect(own.sql).toBe('select "code" from "charts"');
    expect(foreign.map((query) => query.compile().sql)).toHaveLength(6);
  });

  test('passing its handle where other tables are needed does not compile', () => {
    const readRules = (db: Queries<'alerting'>) => db.selectFrom('rules').select('code').compile().sql;
    // @ts-expect-error the handle of charts does not name rules
    expect(readRules(charts)).toContain('rules');
  });

  test('every table has an owner, and foreign keys stay within one', () => {
    const named: (keyof Tables)[] = ['refresh_tokens', 'loader_runs', 'alert_events', 'dashboard_stars', 'dashboard_thumbnails'];
    const referenced: (keyof Tables)[] = ['users', 'loaders', 'alerts', 'dashboards', 'dashboards'];
    expect(named.map((table) => owners[table])).toEqual(referenced.map((table) => owners[table]));
  });
});
