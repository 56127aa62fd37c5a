import type { MakeService } from '../service.ts';
import { openStoredEvents } from '../stored-events.ts';
import { SourceConnections } from './connections.ts';
import { Fleet } from './fleet.ts';
import { loadersHealth } from './health.ts';
import { loaderRoutes } from './loaders.routes.ts';
import { allLoaders } from './loaders.store.ts';
import { checkSource, sourceRoutes } from './sources.routes.ts';
import { uncheckedSources } from './sources.store.ts';
import { Turns } from './turns.ts';
import { describeUnreadable, findUnreadable } from './unreadable.ts';

export { shipConveyor } from './shipped.ts';

/** How often sources that were never checked are checked, ms. */
const checkEveryMs = 15_000;

/** The loaders service: runs SQL on source databases at an interval and turns the rows into signals. */
export const makeLoaders: MakeService<'loaders'> = (engines) => {
  const { database, log } = engines;
  const connections = new SourceConnections(engines);
  const stored = openStoredEvents(engines.bus);
  const fleet = new Fleet({ engines, connections, stored, turns: new Turns() });
  let timer: NodeJS.Timeout | undefined;
  let checking: Promise<void> = Promise.resolve();

  /** Checks whether the account of a new source can write. */
  const checkNew = async () => {
    for (const code of await uncheckedSources(database.query)) await checkSource(engines, connections, code);
  };
  const checkSoon = () => {
    checking = checking.then(checkNew).catch((error) => log.warn({ err: error }, 'sources could not be checked'));
  };

  return {
    name: 'loaders',
    routes: [...loaderRoutes(engines, connections, fleet), ...sourceRoutes(engines, connections)],
    start: async () => {
      const unreadable = describeUnreadable(await findUnreadable(engines));
      if (unreadable !== null) log.warn(unreadable);
      await fleet.start();
      checkSoon();
      timer = setInterval(checkSoon, checkEveryMs).unref();
    },
    stop: async () => {
      clearInterval(timer);
      await fleet.stop();
      await checking;
      await connections.close();
      stored.close();
    },
    health: () => loadersHealth(engines),
    // Read from the database, so that a loader that does not run at all is also reported as behind.
    figures: async () => {
      const rows = await allLoaders(database.query);
      return rows.flatMap(({ code, loaded_to }) =>
        loaded_to === null
          ? []
          : [{ name: 'loader_lag_seconds', unit: 's', value: Math.max(0, engines.now() - loaded_to) / 1_000, labels: { loader: code } }],
      );
    },
  };
};
