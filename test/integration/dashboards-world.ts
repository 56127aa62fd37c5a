import { afterEach, describe } from 'vitest';
import { makeCharts } from '#backend/services/charts/index.ts';
import { makeDashboards } from '#backend/services/dashboards/index.ts';
import type { Service } from '#backend/services/service.ts';
import { withoutPostgres } from '../support/postgres.ts';
import type { Replica, World } from './alerting-world.ts';
import { openWorld } from './alerting-world.ts';

/** One process of the backend with the services that keep definitions. */
export interface DefinitionsReplica extends Replica {
  charts: Service;
  dashboards: Service;
}

/** Runs a suite on both databases: SQLite, and a real PostgreSQL. */
export function onEachDatabase(
  title: string,
  suite: (open: () => Promise<{ world: World; startReplica: () => Promise<DefinitionsReplica> }>) => void,
): void {
  describe.each(['sqlite', 'postgres'] as const)(`${title} on %s`, (dialect) => {
    const missing = dialect === 'postgres' ? withoutPostgres() : null;
    describe.skipIf(missing !== null)(missing ?? 'on a real database', () => {
      const worlds: World[] = [];
      afterEach(async () => {
        for (const world of worlds.splice(0)) await world.close();
      });
      suite(async () => {
        const world = await openWorld(dialect);
        worlds.push(world);
        const startReplica = async () => withDefinitions(await world.replica());
        return { world, startReplica };
      });
    });
  });
}

export function withDefinitions(replica: Replica): DefinitionsReplica {
  const { engines, peers } = replica;
  return { ...replica, charts: makeCharts(engines, peers), dashboards: makeDashboards(engines, peers) };
}

/** Bus events about charts, dashboards and rules so far: `chart.changed belt-speed 2 sara`. */
export async function changes({ engines }: DefinitionsReplica): Promise<string[]> {
  const events = (await engines.bus.replay('0', 10_000)) ?? [];
  return events.flatMap(({ type, payload }) => {
    if ('chartCode' in payload) return [`${type} ${payload.chartCode} ${payload.version} ${payload.by}`];
    if ('ruleCode' in payload && 'by' in payload) return [`${type} ${payload.ruleCode} ${payload.version} ${payload.by}`];
    if ('dashboardCode' in payload) return [`${type} ${payload.dashboardCode} ${payload.version} ${payload.by}`];
    return [];
  });
}

/** Returns the audit entries of one entity, oldest first. */
export async function audited(
  { engines }: DefinitionsReplica,
  entity: string,
): Promise<{ actor: string; action: string; detail: unknown }[]> {
  const rows = await engines.database.query.selectFrom('audit').selectAll().where('entity', '=', entity).orderBy('id').execute();
  return rows.map(({ actor, action, detail }) => ({ actor, action, detail: JSON.parse(detail) }));
}
