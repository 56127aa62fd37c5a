import { alerts } from './alerts.ts';
import { auth } from './auth.ts';
import { charts } from './charts.ts';
import { conveyor } from './conveyor.ts';
import { dashboards } from './dashboards.ts';
import type { EndpointShape } from './endpoint.ts';
import { eventStream } from './events.ts';
import { health } from './health.ts';
import { loaders } from './loaders.ts';
import { metrics } from './metrics.ts';
import { notifications } from './notifications.ts';
import { points } from './points.ts';
import { policies } from './policies.ts';
import { rules } from './rules.ts';
import { signals } from './signals.ts';
import { sources } from './sources.ts';

/** Every endpoint of the product, by resource. */
export const api = {
  alerts,
  auth,
  charts,
  conveyor,
  dashboards,
  eventStream,
  health,
  loaders,
  metrics,
  notifications,
  points,
  policies,
  rules,
  signals,
  sources,
} as const;
export type Api = typeof api;

/** All endpoints with their dotted names, for tests and documents that must cover each one. */
export function allEndpoints(): { name: string; endpoint: EndpointShape }[] {
  return Object.entries(api).flatMap(([resource, endpoints]) =>
    Object.entries(endpoints as Record<string, EndpointShape>).map(([name, endpoint]) => ({ name: `${resource}.${name}`, endpoint })),
  );
}
