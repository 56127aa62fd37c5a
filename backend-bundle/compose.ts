import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { api } from '#common/contract/api.ts';
import type { EndpointShape } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import { healthReport, type ServiceHealth } from '#common/contract/health.ts';
import type { Environment } from './config.ts';
import { type Engines, withoutTables } from './engines/port.ts';
import { makePeers, type PeerAddress } from './http/peers.ts';
import { prefixesOf, type Upstream } from './http/proxy.ts';
import { makeRemoteAuthenticator } from './http/remote-authenticator.ts';
import { makeHttpServer } from './http/server.ts';
import { Traffic } from './http/traffic.ts';
import { makeAlerting } from './services/alerting/index.ts';
import type { Authenticator } from './services/authenticator.ts';
import { makeCharts } from './services/charts/index.ts';
import { makeConveyor } from './services/conveyor/index.ts';
import { makeDashboards } from './services/dashboards/index.ts';
import { healthRoutes, makeAuthenticator, makeGateway, openSessionEnds, type SessionEnds } from './services/gateway/index.ts';
import { makeLoaders } from './services/loaders/index.ts';
import { makeNotifications } from './services/notifications/index.ts';
import type { Peers } from './services/peers.ts';
import { cached } from './services/query-cache.ts';
import { makeSelfTelemetry, type SelfTelemetryOptions, StoredPoints } from './services/self-telemetry/index.ts';
import type { Route, Service } from './services/service.ts';
import { makeSignals } from './services/signals/index.ts';

/** The part of the contract that each service implements. */
const resourcesOf = {
  gateway: ['auth', 'health', 'eventStream'],
  signals: ['signals', 'metrics', 'points'],
  charts: ['charts'],
  dashboards: ['dashboards'],
  alerting: ['alerts', 'policies', 'rules'],
  loaders: ['loaders', 'sources'],
  notifications: ['notifications'],
  conveyor: ['conveyor'],
} as const satisfies Record<string, readonly (keyof typeof api)[]>;
export type ServiceName = keyof typeof resourcesOf;
export const serviceNames = Object.keys(resourcesOf) as [ServiceName, ...ServiceName[]];

/** In a stack, the service that measures what doesn't belong to a single process. */
const measuredBy: Partial<Record<ServiceName, SelfTelemetryOptions['parts']>> = {
  loaders: ['loaders'],
  alerting: ['alerting'],
  signals: ['stores'],
};

export interface ComposeOptions {
  engines: Engines;
  environment: Environment;
  host: string;
  port: number;
  /** File of the reference workload's database. */
  conveyorFile: string;
}

export interface RunningBackend {
  url: string;
  /** Stops accepting requests, finishes the running ones and stops the services. The engines stay open. */
  stop(): Promise<void>;
}

/** Starts every service in this process, behind one port. */
export async function startAll(given: ComposeOptions): Promise<RunningBackend> {
  const services: Service[] = [];
  const { options, self, traffic } = measured(given, 'backend', ['loaders', 'alerting', 'stores'], services);
  const { engines } = options;
  const peers = makePeers({ engines, routes: () => services.flatMap(({ routes }) => routes), addressOf: notElsewhere });
  const ends = await openSessionEnds(engines);
  const names = ['signals', 'charts', 'dashboards', 'alerting', 'loaders', 'notifications', 'conveyor'] as const;
  services.push(...names.map((name) => makeService(name, options, peers)));
  const checked = [...services];
  services.push(makeGateway(engines, () => checked, ends, limitsOf(options)));
  return start(options, [...services, self], { alone: true, traffic, ends, authenticator: makeAuthenticator(engines, ends) });
}

/** Starts one service in this process, on its own port. The gateway forwards the paths of the others to the processes that run them. */
export async function startOne(name: ServiceName, given: ComposeOptions): Promise<RunningBackend> {
  const services: Service[] = [];
  const { options, self, traffic } = measured(given, `${name}@${hostname()}`, measuredBy[name] ?? [], services);
  const { engines, environment } = options;
  const ends = await openSessionEnds(engines);
  const urls = environment.WATCHFLOOR_SERVICE_URLS ?? {};
  const known = Object.entries(urls).map(([service, url]) => upstreamOf(service, url));
  if (name !== 'gateway') {
    const peers = makePeers({ engines, routes: () => services.flatMap(({ routes }) => routes), addressOf: addressIn(urls) });
    const service = makeService(name, options, peers);
    services.push(service);
    const authenticator = makeRemoteAuthenticator(peers, name, (listener) => ends.listen(listener));
    const routes = healthRoutes(engines, () => [service]);
    // Requests come through the gateway, so the original client's address is the one it forwards, at least when it runs on this computer.
    return start(options, [service, self], { routes, trustedProxies: ['loopback'], traffic, ends, authenticator });
  }
  const upstreams = known.filter(({ service }) => service !== 'gateway');
  const remote = upstreams.map((upstream) => ({ name: upstream.service, health: () => remoteHealth(upstream) }));
  services.push(makeGateway(engines, () => remote, ends, limitsOf(options)));
  return start(options, [...services, self], { upstreams, traffic, ends, authenticator: makeAuthenticator(engines, ends) });
}

/** All services are in this process, so no call leaves it. */
const notElsewhere = (endpoint: EndpointShape): PeerAddress => ({ service: serviceOf(endpoint), url: null });

/** Calls to a service whose own address is not known go through the gateway. */
function addressIn(urls: Record<string, string>) {
  return (endpoint: EndpointShape): PeerAddress => {
    const service = serviceOf(endpoint);
    return { service, url: (urls[service] ?? urls['gateway'])?.replace(/\/$/, '') ?? null };
  };
}

const servicesByEndpoint = new Map<EndpointShape, ServiceName>(
  serviceNames.flatMap((name) =>
    resourcesOf[name].flatMap((resource) => Object.values(api[resource]).map((endpoint) => [endpoint, name] as const)),
  ),
);

function serviceOf(endpoint: EndpointShape): ServiceName {
  const name = servicesByEndpoint.get(endpoint);
  if (name === undefined) throw new Error(`no service answers ${endpoint.path}`);
  return name;
}

/** Returns the engines with a cached and counted signal store, and the service that records the backend's own metrics. */
function measured(options: ComposeOptions, process: string, parts: SelfTelemetryOptions['parts'], services: readonly Service[]) {
  const points = new StoredPoints();
  const traffic = new Traffic();
  const { signals, bus, now } = options.engines;
  const engines = { ...options.engines, signals: cached(points.counting(signals), bus, { now }) };
  return {
    options: { ...options, engines },
    traffic,
    self: makeSelfTelemetry(withoutTables(engines), { process, parts, traffic, points, services: () => services }),
  };
}

const limitsOf = ({ environment }: ComposeOptions) => ({ requestsPerMinute: environment.WATCHFLOOR_REQUESTS_PER_MINUTE });

/** @throws AppError validation_failed when no service has that name */
function upstreamOf(service: string, url: string): Upstream {
  const known = serviceNames.find((name) => name === service);
  if (known === undefined) {
    throw new AppError('validation_failed', `WATCHFLOOR_SERVICE_URLS names the service “${service}”, which does not exist.`, {
      field: 'WATCHFLOOR_SERVICE_URLS',
      hint: `Use ${serviceNames.join(', ')}.`,
    });
  }
  return { service, url: url.replace(/\/$/, ''), prefixes: prefixesOf(resourcesOf[known]) };
}

function makeService(name: Exclude<ServiceName, 'gateway'>, { engines, environment, conveyorFile }: ComposeOptions, peers: Peers): Service {
  switch (name) {
    case 'signals':
      return makeSignals({ retentionDays: environment.WATCHFLOOR_RETENTION_DAYS })(engines, peers);
    case 'charts':
      return makeCharts(engines, peers);
    case 'dashboards':
      return makeDashboards(engines, peers);
    case 'alerting':
      return makeAlerting({ evaluationDays: environment.WATCHFLOOR_EVALUATION_DAYS })(engines, peers);
    case 'loaders':
      return makeLoaders(engines, peers);
    case 'notifications':
      return makeNotifications({ logDays: environment.WATCHFLOOR_NOTIFICATION_DAYS })(engines, peers);
    case 'conveyor':
      return makeConveyor(conveyorFile)(withoutTables(engines), peers);
  }
}

async function start(
  options: ComposeOptions,
  services: readonly Service[],
  more: {
    traffic: Traffic;
    ends: SessionEnds;
    authenticator: Authenticator;
    routes?: readonly Route[];
    upstreams?: readonly Upstream[];
    trustedProxies?: readonly string[];
    alone?: boolean;
  },
): Promise<RunningBackend> {
  const { engines, environment } = options;
  const server = await makeHttpServer({
    engines,
    routes: [...services.flatMap((service) => service.routes), ...(more.routes ?? [])],
    authenticator: more.authenticator,
    corsOrigins: environment.WATCHFLOOR_CORS_ORIGINS ?? [],
    requestsPerMinute: environment.WATCHFLOOR_REQUESTS_PER_MINUTE,
    trustedProxies: environment.WATCHFLOOR_TRUSTED_PROXIES ?? more.trustedProxies ?? [],
    upstreams: more.upstreams ?? [],
    alone: more.alone ?? false,
    traffic: more.traffic,
  });
  const started: Service[] = [];
  const stop = async () => {
    await server.close();
    await more.ends.close();
    await stopServices(started, engines.log);
  };
  try {
    for (const service of services) {
      started.push(service);
      await service.start();
    }
    return { url: await server.listen(options.host, options.port), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Stops the services in the reverse order of their start. If one fails to stop, the others are still stopped. */
async function stopServices(services: readonly Service[], log: Logger): Promise<void> {
  for (const service of services.toReversed()) {
    try {
      await service.stop();
    } catch (error) {
      log.error({ err: error }, `the ${service.name} service did not stop cleanly`);
    }
  }
}

async function remoteHealth({ service, url }: Upstream): Promise<ServiceHealth> {
  try {
    const response = await fetch(`${url}/api/v1/health`, { signal: AbortSignal.timeout(1_500) });
    const report = healthReport.parse(await response.json());
    return report.services.find((one) => one.name === service) ?? { name: service, status: 'down', detail: `${url} runs another service.` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name: service, status: 'down', detail: `No answer from ${url}: ${reason}` };
  }
}
