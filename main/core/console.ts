import type { Logger } from 'pino';
import type { ConsoleHandlers, Emit } from '#common/contract/console/index.ts';
import { ownBackendName } from '#common/words/own-backend.ts';
import { Feed } from './alerts/feed.ts';
import { AlertList } from './alerts/list.ts';
import { AlertsService } from './alerts/service.ts';
import { CachedValues } from './cache/values.ts';
import { ChartsService } from './charts/service.ts';
import { closeInOrder } from './close.ts';
import { Coalesced } from './coalesce.ts';
import type { BackendConnection } from './connections/connection.ts';
import { ConnectionsService } from './connections/service.ts';
import type { Context } from './context.ts';
import { ConveyorService } from './conveyor/service.ts';
import { DashboardsService } from './dashboards/service.ts';
import { Documents } from './export/documents.ts';
import { LoadersService } from './loaders/service.ts';
import { Deliverer } from './outbox/deliverer.ts';
import { listOutbox, outboxHandlers } from './outbox/service.ts';
import { openSecretStore } from './secrets/open.ts';
import type { SecretStore } from './secrets/store.ts';
import { SeriesService } from './series/service.ts';
import { settingsHandlers } from './settings/service.ts';
import { openConsoleDatabase } from './storage/open.ts';
import { systemHandlers } from './system.ts';

export interface ConsoleOptions {
  /** Folder of `console.db` and, without a keychain, `secrets.json`. Created if missing. */
  dataDir: string;
  host: 'electron' | 'browser';
  /** The built entry of the database threads; default: the source. */
  threadUrl?: URL | undefined;
  /** Default: the system's keychain, or a file when there is none. */
  secrets?: SecretStore;
  log: Logger;
  /** Opens an address in the user's browser or mail program. Only called with http, https and mailto. */
  openExternal(url: string): Promise<void>;
  /** A connection that is created at the first start. */
  initial?: { url: string; username: string; password?: string; embedded: boolean };
  /** Clock, epoch ms. */
  now?(): number;
}

/** The console's core, as its host uses it: the host serves `handlers` and forwards events to its renderers. */
export interface Console {
  handlers: Omit<ConsoleHandlers, 'backend'>;
  /** Subscribes to every event of the core's services. Returns a function that unsubscribes. */
  on(listener: Emit): () => void;
  /** Navigates every renderer to a path of the console: `/alerts/…`. */
  navigate(path: string): void;
  /** Sets the address of the launched backend's connection and signs in. Called again when its port changes. */
  connectEmbedded(backend: { url: string; username: string; password?: string }): Promise<void>;
  /** Stops all work and closes the database. Pending changes stay in the outbox. Never rejects: errors are logged. */
  close(): Promise<void>;
}

/** How long the lists on screen may lag behind the database, ms. */
const sendEveryMs = 100;

/**
 * Opens the console's core.
 * @throws AppError `version_conflict` when the database was written by a newer console.
 */
export async function openConsole(options: ConsoleOptions): Promise<Console> {
  const { dataDir, log } = options;
  const now = options.now ?? Date.now;
  const listeners = new Set<Emit>();
  const emit: Emit = (service, event, payload) => {
    for (const listener of listeners) listener(service, event, payload);
  };

  const database = await openConsoleDatabase({ dataDir, log, now, threadUrl: options.threadUrl });
  const secrets = options.secrets ?? (await openSecretStore({ dataDir, log }));

  const cannotSend = (error: unknown): void => log.error({ err: error }, 'a list cannot be sent');
  const alertList = new AlertList(database, now);
  const lists = {
    alerts: new Coalesced(
      async () => {
        const delta = await alertList.refresh();
        if (delta !== null) emit('alerts', 'changed', delta);
      },
      sendEveryMs,
      cannotSend,
    ),
    outbox: new Coalesced(async () => emit('outbox', 'changed', await listOutbox(context, deliverer)), sendEveryMs, cannotSend),
    notices: new Coalesced(async () => emit('notices', 'changed', await database.read.inbox()), sendEveryMs, cannotSend),
  };
  const context: Context = {
    database,
    secrets,
    log,
    now,
    emit,
    touched: (...what) => {
      if (what.includes('alerts')) alertList.touchAll();
      for (const list of what) lists[list].ask();
    },
    touchedAlerts: (connectionId, ids) => {
      alertList.touch(connectionId, ids);
      lists.alerts.ask();
    },
    pop: ({ shown, counted }) => {
      for (const notice of shown) emit('notices', 'shown', notice);
      for (const notice of counted) emit('notices', 'counted', notice);
      if (shown.length + counted.length > 0) lists.notices.ask();
    },
  };

  const connectionOf = (id: string): BackendConnection => connections.connection(id);
  const cache = new CachedValues(context);
  const deliverer = new Deliverer(context, (id) => connections.find(id));
  const inBackground = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => log.error({ err: error }, 'background work failed'));
  };
  const feed = new Feed(context);
  const skews = (): Record<string, number> =>
    Object.fromEntries(connections.list().flatMap(({ id, clockSkewMs }) => (clockSkewMs === null ? [] : [[id, clockSkewMs]])));
  const alerts = new AlertsService({
    context,
    cache,
    connectionOf,
    skews,
    queued: (id) => inBackground(deliverer.kick(id)),
    list: async () => {
      const { alerts: all, delta } = await alertList.all();
      // The other windows also receive what this read found.
      if (delta.changed.length + delta.gone.length > 0) emit('alerts', 'changed', delta);
      return all;
    },
  });
  const loaders = new LoadersService(context, cache, connectionOf);
  const conveyor = new ConveyorService(context, cache, connectionOf);
  const charts = new ChartsService(context, cache, connectionOf);
  const dashboards = new DashboardsService(context, cache, connectionOf, (connection) => charts.list(connection));
  const documents = new Documents(context);
  const series = new SeriesService(context, cache, connectionOf);
  const connections = new ConnectionsService(context, {
    identify: (connection, health) => feed.identify(connection, health),
    events: async (connection, events) => {
      const caughtUp = await feed.events(connection, events);
      for (const { event } of events) {
        if (event.type === 'rules.evaluated') connection.rulesEvaluated(event.data.at);
        alerts.event(connection, event);
        charts.event(connection, event);
        series.event(connection, event);
        await loaders.event(connection, event);
        await conveyor.event(connection, event);
        await dashboards.event(connection, event);
      }
      return caughtUp;
    },
    live: (connection) => {
      series.live(connection);
      charts.live(connection);
      dashboards.live(connection);
      inBackground(loaders.live(connection));
      inBackground(conveyor.live(connection));
      inBackground(deliverer.connected(connection.id));
    },
  });

  await connections.open();
  const { initial } = options;
  if (initial !== undefined) {
    await connections.ensure({
      ...initial,
      password: initial.password,
      name: initial.embedded ? ownBackendName.en : new URL(initial.url).host,
    });
  }

  return {
    handlers: {
      alerts: alerts.handlers,
      charts: charts.handlers,
      connections: connections.handlers,
      conveyor: conveyor.handlers,
      dashboards: dashboards.handlers,
      documents: documents.handlers,
      loaders: loaders.handlers,
      notices: {
        inbox: () => database.read.inbox(),
        markRead: async ({ ids }) => {
          await database.write.markRead({ ids });
          lists.notices.ask();
        },
      },
      outbox: outboxHandlers(context, deliverer),
      series: series.handlers,
      settings: settingsHandlers(context),
      system: systemHandlers({ host: options.host, dataDir, database, secrets, openExternal: (url) => options.openExternal(url) }),
    },
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    navigate: (path) => emit('system', 'navigate', { path }),
    connectEmbedded: (backend) => connections.ensure({ ...backend, password: backend.password, embedded: true, name: ownBackendName.en }),
    close: () =>
      closeInOrder(
        [
          ['outbox', () => deliverer.close()],
          ['connections', () => connections.close()],
          ['series', () => series.close()],
          ['documents', () => documents.close()],
          ['charts', () => charts.close()],
          ...Object.entries(lists).map(([name, list]): [string, () => void] => [`list of ${name}`, () => list.close()]),
          ['alerts', () => alerts.close()],
          ['last copies', () => cache.flush()],
          ['database', () => database.close()],
        ],
        log,
      ),
  };
}
