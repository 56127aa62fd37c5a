import { alerts } from './alerts.ts';
import { backend } from './backend.ts';
import { charts } from './charts.ts';
import { connections } from './connections.ts';
import { conveyor } from './conveyor.ts';
import { dashboards, documents } from './dashboards.ts';
import { loaders } from './loaders.ts';
import { outbox } from './outbox.ts';
import { policies } from './policies.ts';
import type { ServiceClient, ServiceHandlers } from './rpc.ts';
import { series } from './series.ts';
import { notices, settings, system } from './settings.ts';

/** Every service of the console's core, by name: the whole surface between renderer and core. */
export const consoleServices = {
  alerts,
  backend,
  charts,
  connections,
  conveyor,
  dashboards,
  documents,
  loaders,
  notices,
  outbox,
  policies,
  series,
  settings,
  system,
} as const;
export type ConsoleServices = typeof consoleServices;

export type ConsoleClient = { [S in keyof ConsoleServices]: ServiceClient<ConsoleServices[S]> };
export type ConsoleHandlers = { [S in keyof ConsoleServices]: ServiceHandlers<ConsoleServices[S]> };
/** Publishes an event of a service to every renderer that listens. */
export type Emit = <S extends keyof ConsoleServices, E extends keyof ConsoleServices[S]['events'] & string>(
  service: S,
  event: E,
  payload: ConsoleServices[S]['events'][E],
) => void;
