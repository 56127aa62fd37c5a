import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import { Feed } from './alerts/feed.ts';
import { AlertsService } from './alerts/service.ts';
import { CachedValues } from './cache/values.ts';
import { ChartsService } from './charts/service.ts';
import { closeInOrder } from './close.ts';
import type { BackendConnection, ConnectionHooks } from './connections/connection.ts';
import { ConnectionsService } from './connections/service.ts';
import type { Context } from './context.ts';
import { ConveyorService } from './conveyor/service.ts';
import { DashboardsService } from './dashboards/service.ts';
import { Documents } from './export/documents.ts';
import { ListUpdates } from './list-updates.ts';
import { LoadersService } from './loaders/service.ts';
import { noticeHandlers } from './notices/service.ts';
import { Deliverer } from './outbox/deliverer.ts';
import { listOutbox, outboxHandlers } from './outbox/service.ts';
import { PoliciesService } from './policies/service.ts';
import { SeriesService } from './series/service.ts';
import { settingsHandlers } from './settings/service.ts';

/** The services of the core. Passes the events of the connections on to those that they concern. */
export class CoreServices {
  readonly connections: ConnectionsService;
  readonly handlers: Omit<ConsoleHandlers, 'backend' | 'system'>;
  readonly #context: Context;
  readonly #lists: ListUpdates;
  readonly #cache: CachedValues;
  readonly #deliverer: Deliverer;
  readonly #feed: Feed;
  readonly #alerts: AlertsService;
  readonly #loaders: LoadersService;
  readonly #conveyor: ConveyorService;
  readonly #charts: ChartsService;
  readonly #dashboards: DashboardsService;
  readonly #documents: Documents;
  readonly #policies: PoliciesService;
  readonly #series: SeriesService;

  constructor(resources: Pick<Context, 'database' | 'secrets' | 'log' | 'now' | 'emit'>) {
    const lists = new ListUpdates(resources, () => listOutbox(this.#context, this.#deliverer));
    const context: Context = {
      ...resources,
      touched: (...what) => lists.touched(...what),
      touchedAlerts: (connectionId, ids) => lists.touchedAlerts(connectionId, ids),
      pop: (notices) => lists.pop(notices),
    };
    const connectionOf = (id: string): BackendConnection => this.connections.connection(id);
    const cache = new CachedValues(context);
    this.#lists = lists;
    this.#context = context;
    this.#cache = cache;
    this.#deliverer = new Deliverer(context, (id) => this.connections.find(id));
    this.#feed = new Feed(context);
    this.#alerts = new AlertsService({
      context,
      cache,
      connectionOf,
      skews: () => this.#skews(),
      queued: (id) => this.#inBackground(this.#deliverer.kick(id)),
      list: () => lists.alerts(),
    });
    this.#loaders = new LoadersService(context, cache, connectionOf);
    this.#conveyor = new ConveyorService(context, cache, connectionOf);
    this.#charts = new ChartsService(context, cache, connectionOf);
    this.#dashboards = new DashboardsService(context, cache, connectionOf, (connection) => this.#charts.list(connection));
    this.#documents = new Documents(context);
    this.#policies = new PoliciesService(context, cache, connectionOf);
    this.#series = new SeriesService(context, cache, connectionOf);
    this.connections = new ConnectionsService(context, {
      identify: async (connection, health) => {
        const resumeAfter = await this.#feed.identify(connection, health);
        await this.#policies.refresh(connection);
        return resumeAfter;
      },
      events: (connection, events) => this.#events(connection, events),
      live: (connection) => this.#live(connection),
    });
    this.handlers = this.#allHandlers();
  }

  /** Ends all work. Pending changes stay in the outbox. Never rejects: errors are logged. */
  close(): Promise<void> {
    return closeInOrder(
      [
        ['outbox', () => this.#deliverer.close()],
        ['connections', () => this.connections.close()],
        ['series', () => this.#series.close()],
        ['documents', () => this.#documents.close()],
        ['charts', () => this.#charts.close()],
        ['lists', () => this.#lists.close()],
        ['alerts', () => this.#alerts.close()],
        ['last copies', () => this.#cache.flush()],
      ],
      this.#context.log,
    );
  }

  #allHandlers(): CoreServices['handlers'] {
    return {
      alerts: this.#alerts.handlers,
      charts: this.#charts.handlers,
      connections: this.connections.handlers,
      conveyor: this.#conveyor.handlers,
      dashboards: this.#dashboards.handlers,
      documents: this.#documents.handlers,
      loaders: this.#loaders.handlers,
      notices: noticeHandlers(this.#context),
      outbox: outboxHandlers(this.#context, this.#deliverer),
      policies: this.#policies.handlers,
      series: this.#series.handlers,
      settings: settingsHandlers(this.#context),
    };
  }

  async #events(...[connection, events]: Parameters<ConnectionHooks['events']>): Promise<boolean> {
    await this.#policies.events(connection, events);
    const caughtUp = await this.#feed.events(connection, events);
    for (const { event } of events) {
      if (event.type === 'rules.evaluated') connection.rulesEvaluated(event.data.at);
      this.#alerts.event(connection, event);
      this.#charts.event(connection, event);
      this.#series.event(connection, event);
      await this.#loaders.event(connection, event);
      await this.#conveyor.event(connection, event);
      await this.#dashboards.event(connection, event);
    }
    return caughtUp;
  }

  #live(connection: BackendConnection): void {
    this.#series.live(connection);
    this.#charts.live(connection);
    this.#dashboards.live(connection);
    this.#inBackground(this.#loaders.live(connection));
    this.#inBackground(this.#conveyor.live(connection));
    this.#inBackground(this.#deliverer.connected(connection.id));
  }

  /** Returns each backend's clock minus this computer's, by connection, ms, if known. */
  #skews(): Record<string, number> {
    const known = this.connections.list().flatMap(({ id, clockSkewMs }) => (clockSkewMs === null ? [] : [[id, clockSkewMs] as const]));
    return Object.fromEntries(known);
  }

  #inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#context.log.error({ err: error }, 'background work failed'));
  }
}
