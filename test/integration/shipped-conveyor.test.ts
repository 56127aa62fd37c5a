/** Tests of the shipped source and its loaders: they follow the data folder, and a new query loads everything again. */
import { afterEach, expect, test } from 'vitest';
import { createVault, masterKeyBytes } from '#backend/engines/vault/vault.ts';
import { makeLoaders, shipConveyor } from '#backend/services/loaders/index.ts';
import { shippedLoaders } from '#backend/services/loaders/shipped.ts';
import type { Service } from '#backend/services/service.ts';
import { api } from '#common/contract/api.ts';
import { call, sara } from './alerting-world.ts';
import { audited, type DefinitionsReplica, onEachDatabase } from './dashboards-world.ts';

const [here, there, elsewhere] = ['/here/conveyor.db', '/there/conveyor.db', '/elsewhere/conveyor.db'] as const;
const admin = { ...sara, role: 'ADMIN' } as const;
const params = { code: 'belt-speed' };
const made: Service[] = [];
afterEach(async () => {
  for (const service of made.splice(0)) await service.stop();
});

function serviceOf({ engines, peers }: Pick<DefinitionsReplica, 'engines' | 'peers'>): Service {
  const service = makeLoaders(engines, peers);
  made.push(service);
  return service;
}
const sourceOf = async (service: Service) =>
  (await call(service, api.sources.list, {}, admin)).items.find(({ code }) => code === 'conveyor') ?? null;
const fileOf = async (service: Service) => {
  const settings = (await sourceOf(service))?.settings;
  return settings?.kind === 'sqlite' ? settings.file : null;
};
const edit = (service: Service, name: string, file: string) =>
  call(service, api.sources.update, {
    params: { code: 'conveyor' },
    body: { code: 'conveyor', name, settings: { kind: 'sqlite', file } },
  });

onEachDatabase('the shipped source', (open) => {
  test('follows its file and is checked again there; a start at the same place writes nothing', async () => {
    const { world, startReplica } = await open();
    const { engines, peers } = await startReplica();
    const service = serviceOf({ engines, peers });
    await shipConveyor(engines, here);
    expect(await sourceOf(service)).toMatchObject({ name: 'Conveyor', settings: { kind: 'sqlite', file: here } });
    await engines.database.query.updateTable('sources').set({ checked_at: 5, write_access: 'can-write' }).execute();
    const before = await sourceOf(service);
    world.clock.now += 1_000;
    await shipConveyor(engines, here);
    expect(await sourceOf(service)).toEqual(before);
    for (const file of [there, elsewhere]) {
      await shipConveyor(engines, file);
      expect(await sourceOf(service)).toMatchObject({
        settings: { file },
        checkedAt: null,
        writeAccess: 'unknown',
        updatedAt: world.clock.now,
      });
    }
  });

  test('follows it under a name that a person gave it', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    const service = serviceOf(one);
    await shipConveyor(one.engines, here);
    await edit(service, 'Our belts', here);
    await shipConveyor(one.engines, there);
    expect(await sourceOf(service)).toMatchObject({ name: 'Our belts', settings: { file: there } });
  });

  test('stays where a person has put it, until they put it where it is shipped', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    const service = serviceOf(one);
    await shipConveyor(one.engines, here);
    await edit(service, 'Conveyor', '/ours.db');
    await shipConveyor(one.engines, there);
    expect(await fileOf(service)).toBe('/ours.db');
    await edit(service, 'Conveyor', there);
    await shipConveyor(one.engines, there);
    await shipConveyor(one.engines, elsewhere);
    expect(await fileOf(service)).toBe(elsewhere);
  });

  test('is left alone while its key is lost, and follows again once a person has entered it', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    await shipConveyor(one.engines, here);
    const engines = { ...one.engines, vault: createVault([new Uint8Array(masterKeyBytes).fill(1)]) };
    const service = serviceOf({ engines, peers: one.peers });
    const before = await engines.database.query.selectFrom('loaders').selectAll().execute();
    await shipConveyor(engines, there);
    expect(await sourceOf(service)).toMatchObject({ settings: null });
    expect(await engines.database.query.selectFrom('loaders').selectAll().execute()).toEqual(before);
    await edit(service, 'Conveyor', there);
    await shipConveyor(engines, there);
    await shipConveyor(engines, elsewhere);
    expect(await fileOf(service)).toBe(elsewhere);
  });

  test('stays deleted with its loaders, also when the product ships another loader', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    const service = serviceOf(one);
    await shipConveyor(one.engines, here, shippedLoaders.slice(1));
    for (const { code } of shippedLoaders.slice(1)) await call(service, api.loaders.remove, { params: { code } });
    await call(service, api.sources.remove, { params: { code: 'conveyor' } });
    await shipConveyor(one.engines, there);
    expect(await sourceOf(service)).toBeNull();
    expect((await call(service, api.loaders.list, {})).items).toEqual([]);
  });
});

onEachDatabase('a shipped loader', (open) => {
  const progress = { loaded_to: 7_000, history_from: 3_000, history_to: 5_000 };
  const shipEarlier = async (replica: DefinitionsReplica, sql?: string) => {
    const earlier = shippedLoaders.map((loader) => ({ ...loader, name: 'Earlier', sql: sql ?? loader.sql }));
    await shipConveyor(replica.engines, here, earlier);
    await replica.engines.database.query
      .updateTable('loaders')
      .set({ ...progress, paused: 1, consecutive_failures: 2 })
      .execute();
  };
  const stored = ({ engines }: DefinitionsReplica) =>
    engines.database.query.selectFrom('loaders').selectAll().where('code', '=', params.code).executeTakeFirstOrThrow();

  test('whose query is updated loads its history again, publishes that, and stays paused', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    await shipEarlier(one, 'SELECT 1 AS timestamp, 2 AS segment, 3 AS value WHERE :from < :to');
    await shipConveyor(one.engines, here);
    expect(await stored(one)).toMatchObject({ loaded_to: null, history_from: null, history_to: null, paused: 1, consecutive_failures: 0 });
    const loader = await call(serviceOf(one), api.loaders.get, { params }, admin);
    expect(loader).toMatchObject({ sql: shippedLoaders[0]?.sql, version: 2, updatedBy: 'watchfloor', state: 'paused' });
    const events = (await one.engines.bus.replay('0', 1_000)) ?? [];
    const changed = events.filter(({ payload }) => 'loader' in payload && payload.loader.code === params.code);
    expect(changed).toMatchObject([{ type: 'loader.changed', payload: { loader: { version: 2 } } }]);
    expect(await audited(one, params.code)).toEqual([{ actor: 'watchfloor', action: 'loader.updated', detail: {} }]);
  });

  test('of which only the name is updated continues where it was', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    await shipEarlier(one);
    await shipConveyor(one.engines, here);
    expect(await stored(one)).toMatchObject({ name: 'Belt speed', version: 2, ...progress });
  });

  test('that a person paused counts as unchanged', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    const service = serviceOf(one);
    await shipConveyor(
      one.engines,
      here,
      shippedLoaders.map((loader) => ({ ...loader, name: 'Earlier' })),
    );
    await call(service, api.loaders.pause, { params });
    await shipConveyor(one.engines, here);
    expect(await call(service, api.loaders.get, { params })).toMatchObject({ name: 'Belt speed', state: 'paused' });
  });
});
