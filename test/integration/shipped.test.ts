/** Charts, dashboards, rules and loaders that the product ships, over updates of the product and changes by people. */
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ddlOf } from '#backend/engines/database/ddl.ts';
import type { TableName } from '#backend/engines/database/tables.ts';
import { shippedRules } from '#backend/services/alerting/shipped.ts';
import { shippedCharts } from '#backend/services/charts/shipped.ts';
import { shippedDashboards } from '#backend/services/dashboards/shipped/index.ts';
import { makeLoaders, shipConveyor } from '#backend/services/loaders/index.ts';
import { shippedLoaders } from '#backend/services/loaders/shipped.ts';
import type { Service } from '#backend/services/service.ts';
import { chartVersions, dashboardVersions, ruleVersions } from '#backend/services/versions.store.ts';
import { api } from '#common/contract/api.ts';
import { chartDefinition } from '#common/contract/charts.ts';
import { dashboardBody } from '#common/contract/dashboards.ts';
import { loaderInput } from '#common/contract/loaders.ts';
import { ruleInput } from '#common/contract/rules.ts';
import { call, sara, speedRule, startServices } from './alerting-world.ts';
import { audited, type DefinitionsReplica, onEachDatabase, withDefinitions } from './dashboards-world.ts';
import { makeFolder, makePlant, type Plant, sql as plantSql } from './loaders-world.ts';

const earlierTitle = 'As an earlier version shipped it';
interface LoadersReplica extends DefinitionsReplica {
  loaders: Service;
  conveyorFile: string;
}
interface Stored {
  title: string;
  version: number;
  updatedBy: string;
}
/** One kind of shipped content, as this version and an earlier one ship it, and as people change it. */
interface Kind {
  what: string;
  /** Where shipping writes it. */
  tables: readonly TableName[];
  codes: readonly [string, string, string];
  titles: Record<string, string>;
  ship(replica: LoadersReplica): Promise<void>;
  shipEarlier(replica: LoadersReplica): Promise<void>;
  get(replica: LoadersReplica, code: string): Promise<Stored>;
  create(replica: LoadersReplica, code: string, title: string): Promise<unknown>;
  rename(replica: LoadersReplica, code: string, title: string): Promise<unknown>;
  remove(replica: LoadersReplica, code: string): Promise<unknown>;
}

const titlesOf = (contents: readonly { code: string; title: string }[]) =>
  Object.fromEntries(contents.map(({ code, title }) => [code, title]));
const named = <T extends { code: string; name: string }>(contents: readonly T[]) =>
  titlesOf(contents.map(({ code, name }) => ({ code, title: name })));
const earlierTitled = <T extends { title: string }>(contents: readonly T[]) => contents.map((each) => ({ ...each, title: earlierTitle }));
const earlierNamed = <T extends { name: string }>(contents: readonly T[]) => contents.map((each) => ({ ...each, name: earlierTitle }));

const charts: Kind = {
  what: 'a chart',
  tables: ['charts', 'shipped_charts'],
  codes: ['host-load', 'host-disk', 'store-size'],
  titles: titlesOf(shippedCharts),
  ship: (replica) => replica.charts.start(),
  shipEarlier: ({ engines }) => engines.database.transaction((tx) => chartVersions(engines).ship(tx, earlierTitled(shippedCharts))),
  get: (replica, code) => call(replica.charts, api.charts.get, { params: { code } }),
  create: (replica, code, title) =>
    call(replica.charts, api.charts.create, { body: { code, title, selector: { from: 'metric', name: 'host_load1' } } }),
  rename: async (replica, code, title) => {
    const { version, ...before } = await call(replica.charts, api.charts.get, { params: { code } });
    const body = { ...chartDefinition.strip().parse(before), title, version };
    return call(replica.charts, api.charts.update, { params: { code }, body });
  },
  remove: (replica, code) => call(replica.charts, api.charts.remove, { params: { code } }),
};

const dashboards: Kind = {
  what: 'a dashboard',
  tables: ['dashboards', 'shipped_dashboards'],
  codes: ['host-health', 'loaders', 'conveyor'],
  titles: titlesOf(shippedDashboards),
  ship: (replica) => replica.dashboards.start(),
  shipEarlier: ({ engines }) => engines.database.transaction((tx) => dashboardVersions(engines).ship(tx, earlierTitled(shippedDashboards))),
  get: (replica, code) => call(replica.dashboards, api.dashboards.get, { params: { code } }),
  create: (replica, code, title) => call(replica.dashboards, api.dashboards.create, { body: { code, title } }),
  rename: async (replica, code, title) => {
    const { version, ...before } = await call(replica.dashboards, api.dashboards.get, { params: { code } });
    const body = { ...dashboardBody.strip().parse(before), title, version };
    return call(replica.dashboards, api.dashboards.update, { params: { code }, body });
  },
  remove: (replica, code) => call(replica.dashboards, api.dashboards.remove, { params: { code } }),
};

const rules: Kind = {
  what: 'a rule',
  // The evaluator writes to `rules` too.
  tables: ['shipped_rules'],
  codes: ['host-cpu-high', 'belt-speed-low', 'belt-rejects-high'],
  titles: named(shippedRules),
  ship: async (replica) => {
    await replica.charts.start();
    await replica.service.start();
    await replica.service.stop();
  },
  shipEarlier: ({ engines }) => engines.database.transaction((tx) => ruleVersions(engines).ship(tx, earlierNamed(shippedRules))),
  get: async (replica, code) => {
    const rule = await call(replica.service, api.rules.get, { params: { code } });
    return { ...rule, title: rule.name };
  },
  create: async (replica, code, title) => {
    await replica.charts.start();
    return call(replica.service, api.rules.create, { body: speedRule({ code, name: title }) });
  },
  rename: async (replica, code, title) => {
    const { version, ...before } = await call(replica.service, api.rules.get, { params: { code } });
    const body = { ...ruleInput.strip().parse(before), name: title, version };
    return call(replica.service, api.rules.update, { params: { code }, body });
  },
  remove: (replica, code) => call(replica.service, api.rules.remove, { params: { code } }),
};

const admin = { ...sara, role: 'ADMIN' } as const;
const loaders: Kind = {
  what: 'a loader',
  tables: ['sources', 'loaders', 'shipped_sources', 'shipped_loaders'],
  codes: ['belt-speed', 'belt-items', 'belt-rejects'],
  titles: named(shippedLoaders),
  ship: ({ engines, conveyorFile }) => shipConveyor(engines, conveyorFile),
  shipEarlier: ({ engines, conveyorFile }) => shipConveyor(engines, conveyorFile, earlierNamed(shippedLoaders)),
  get: async (replica, code) => {
    const loader = await call(replica.loaders, api.loaders.get, { params: { code } }, admin);
    return { ...loader, title: loader.name };
  },
  create: async (replica, code, title) => {
    await call(replica.loaders, api.sources.create, {
      body: { code: 'ours', name: 'Ours', settings: { kind: 'sqlite', file: replica.conveyorFile } },
    });
    const body = { code, name: title, sourceCode: 'ours', sql: plantSql, intervalMs: 1_000 };
    return call(replica.loaders, api.loaders.create, { body });
  },
  rename: async (replica, code, title) => {
    const { version, ...before } = await call(replica.loaders, api.loaders.get, { params: { code } }, admin);
    const body = { ...loaderInput.strip().parse(before), name: title, version };
    return call(replica.loaders, api.loaders.update, { params: { code }, body });
  },
  remove: (replica, code) => call(replica.loaders, api.loaders.remove, { params: { code } }),
};

let plant: Plant;
let removeFolder: () => void;
let opened: LoadersReplica[];
beforeEach(() => {
  const { folder, remove } = makeFolder();
  plant = makePlant(folder);
  removeFolder = remove;
  opened = [];
});
afterEach(async () => {
  for (const replica of opened) {
    for (const service of [replica.charts, replica.dashboards, replica.loaders]) await service.stop();
    await replica.close();
  }
  plant.close();
  removeFolder();
});

/** A start of the backend. A later one has services of its own on the connections of the one before, which are dear and remember nothing. */
async function start(startReplica: () => Promise<DefinitionsReplica>): Promise<LoadersReplica> {
  const before = opened.at(-1);
  return keep(before === undefined ? await startReplica() : withDefinitions(startServices(before.engines)));
}

function keep(replica: DefinitionsReplica): LoadersReplica {
  const started = { ...replica, loaders: makeLoaders(replica.engines, replica.peers), conveyorFile: plant.file };
  opened.push(started);
  return started;
}

/** Everything that shipping writes. */
async function written({ engines: { database } }: LoadersReplica): Promise<unknown> {
  const tables = ['charts', 'chart_versions', 'shipped_charts', 'dashboards', 'dashboard_versions', 'shipped_dashboards'] as const;
  const others = ['rule_versions', 'shipped_rules', 'sources', 'loaders', 'shipped_sources', 'shipped_loaders', 'audit'] as const;
  const rows = [];
  for (const table of [...tables, ...others]) rows.push(await database.query.selectFrom(table).selectAll().execute());
  const rules = await database.query.selectFrom('rules').select(['code', 'version', 'updated_at']).orderBy('code').execute();
  const events = await database.query.selectFrom('bus_events').selectAll().where('type', 'like', '%.changed').execute();
  return { rows, rules, events };
}

/** Makes the database refuse to update or delete what shipping writes, so that writing the same again fails too. */
async function refuseWrites({ engines: { database } }: LoadersReplica): Promise<void> {
  const tables = [charts, dashboards, rules, loaders].flatMap(({ tables }) => tables);
  for (const table of tables) for (const statement of ddlOf(database.dialect).appendOnly(table)) await statement.execute(database.query);
}

describe.each([charts, dashboards, rules, loaders])('$what', (kind) => {
  const { codes, titles, get } = kind;
  const [code] = codes;

  onEachDatabase('that is shipped', (open) => {
    test('is created at the first start, and later starts write nothing', async () => {
      const { world, startReplica } = await open();
      const one = await start(startReplica);
      await kind.ship(one);
      for (const each of Object.keys(titles))
        expect(await get(one, each)).toMatchObject({ title: titles[each], version: 1, updatedBy: 'watchfloor' });
      const before = await written(one);
      await refuseWrites(one);
      world.clock.now += 1_000;
      const later = await start(startReplica);
      await kind.ship(later);
      await kind.ship(later);
      expect(await written(later)).toEqual(before);
    });

    test('is updated once while it is as it was shipped, by the product', async () => {
      const { world, startReplica } = await open();
      const one = await start(startReplica);
      await kind.shipEarlier(one);
      expect(await get(one, code)).toMatchObject({ title: earlierTitle, version: 1 });
      world.clock.now += 1_000;
      const later = await start(startReplica);
      await kind.ship(later);
      expect(await get(later, code)).toMatchObject({ title: titles[code], version: 2, updatedBy: 'watchfloor' });
      expect((await audited(later, code)).at(-1)).toMatchObject({ actor: 'watchfloor', action: expect.stringMatching(/\.updated$/) });
      const before = await written(later);
      await refuseWrites(later);
      world.clock.now += 1_000;
      await kind.ship(await start(startReplica));
      expect(await written(later)).toEqual(before);
    });

    test('is left alone once a person has changed it, and updated again when they put it back', async () => {
      const { startReplica } = await open();
      const one = await start(startReplica);
      await kind.shipEarlier(one);
      await kind.rename(one, code, 'Ours');
      const before = await get(one, code);
      const later = await start(startReplica);
      await kind.ship(later);
      expect(await get(later, code)).toMatchObject({ title: 'Ours', version: before.version, updatedBy: 'sara' });
      await kind.rename(later, code, earlierTitle);
      await kind.ship(await start(startReplica));
      expect(await get(later, code)).toMatchObject({ title: titles[code], updatedBy: 'watchfloor' });
    });

    test('stays deleted', async () => {
      const { startReplica } = await open();
      const one = await start(startReplica);
      await kind.shipEarlier(one);
      await kind.remove(one, code);
      const later = await start(startReplica);
      await kind.ship(later);
      await kind.ship(later);
      await expect(get(later, code)).rejects.toMatchObject({ code: 'not_found' });
    });

    test('does not replace what a person made under its code, nor come back when that is deleted', async () => {
      const { startReplica } = await open();
      const one = await start(startReplica);
      await kind.create(one, code, 'Made by us');
      await kind.ship(one);
      await kind.ship(await start(startReplica));
      expect(await get(one, code)).toMatchObject({ title: 'Made by us', version: 1, updatedBy: 'sara' });
      await kind.remove(one, code);
      await kind.ship(await start(startReplica));
      await expect(get(one, code)).rejects.toMatchObject({ code: 'not_found' });
    });

    test('is created when a person had deleted their own of its code before it was ever shipped', async () => {
      const { startReplica } = await open();
      const one = await start(startReplica);
      await kind.create(one, code, 'Made by us');
      await kind.remove(one, code);
      await kind.ship(await start(startReplica));
      expect(await get(one, code)).toMatchObject({ title: titles[code], updatedBy: 'watchfloor' });
    });

    test('is known as shipped in a database of the sixth schema: updated, left alone or gone, as people left it', async () => {
      const { startReplica } = await open();
      const one = await start(startReplica);
      await kind.shipEarlier(one);
      const [unchanged, changed, deleted] = codes;
      await kind.rename(one, changed, 'Ours');
      await kind.remove(one, deleted);
      await backToSixthSchema(one);
      // Connecting migrates.
      const later = keep(await startReplica());
      await kind.ship(later);
      expect(await get(later, unchanged)).toMatchObject({ title: titles[unchanged], version: 2, updatedBy: 'watchfloor' });
      expect(await get(later, changed)).toMatchObject({ title: 'Ours', updatedBy: 'sara' });
      await expect(get(later, deleted)).rejects.toMatchObject({ code: 'not_found' });
      const before = await written(later);
      await refuseWrites(later);
      await kind.ship(await start(startReplica));
      expect(await written(later)).toEqual(before);
    });
  });
});

/** Leaves the database as the last release without the table of shipped content did. */
async function backToSixthSchema({ engines: { database }, conveyorFile }: LoadersReplica): Promise<void> {
  const run = (statement: ReturnType<typeof sql>) => statement.execute(database.query);
  await run(sql`create table rule_seeds (code text primary key)`);
  await run(sql`insert into rule_seeds (code) select code from shipped_rules`);
  await run(sql`create table source_seeds (code text primary key, file text not null)`);
  await run(sql`insert into source_seeds (code, file) select code, ${conveyorFile} from shipped_sources`);
  for (const kind of ['charts', 'dashboards', 'rules', 'sources', 'loaders']) await run(sql`drop table ${sql.id(`shipped_${kind}`)}`);
  await run(sql`delete from schema_migrations where version = 7`);
}
