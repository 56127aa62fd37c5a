import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { epochMs } from './primitives.ts';

/** Contents and state of the store of points. Times are epoch ms. */
const pointsHealth = z.object({
  series: z.number().int(),
  /**
   * Number of stored points. A point that was overwritten counts twice until it is compacted; on PostgreSQL the planner's estimate. Null if
   * counting would require reading them all.
   */
  points: z.number().int().nullable(),
  /** Times of the oldest and the newest point; null without one. */
  oldestAt: epochMs.nullable(),
  newestAt: epochMs.nullable(),
  /** Number of intervals that cannot be read; `detail` names the first. */
  damaged: z.number().int(),
  /** Name of the damaged series file that was set aside in the data folder after a salvage; null when there is none. */
  setAside: z.string().nullable().default(null),
  /** Points in the log that are not compacted into chunks yet, and size of the log, bytes. */
  pendingPoints: z.number().int(),
  pendingBytes: z.number().int(),
  /** Points that a full disk refused: they are not stored, but rules are evaluated on them until their senders deliver them again. */
  unstoredPoints: z.number().int().default(0),
  /** When points were last compacted; null when never, or if the store does not compact. */
  compactedAt: epochMs.nullable(),
  /** When this process last finished a run of retention, and how many points it deleted; null before the first. */
  retention: z.object({ endedAt: epochMs, deleted: z.number().int() }).nullable(),
});

/** A notice for the backend's administrator, which a console writes in its own language. */
const healthNotice = z.discriminatedUnion('kind', [
  /** Points are missing or may be. `setAside` is the name of the damaged file. */
  z.object({ kind: z.literal('points-damaged'), count: z.number().int(), setAside: z.string().nullable() }),
  z.object({ kind: z.literal('disk-full'), path: z.string(), freeBytes: z.number().int() }),
  /** Users, rules, alerts and dashboards were lost and recreated; the points were kept. */
  z.object({ kind: z.literal('control-data-anew'), at: epochMs }),
]);
export type HealthNotice = z.infer<typeof healthNotice>;

const serviceHealth = z.object({
  name: z.string(),
  status: z.enum(['up', 'degraded', 'down']),
  /** Why it is not up, as text; absent when it is. */
  detail: z.string().optional(),
  /** Size on disk, bytes, of a service that stores much. */
  storedBytes: z.number().int().optional(),
  notices: z.array(healthNotice).optional(),
  /** Only for the service that stores points. */
  points: pointsHealth.optional(),
  /** Only for the service that evaluates rules: when it last did; null before the first round. */
  rulesEvaluatedAt: epochMs.nullable().optional(),
});
export type ServiceHealth = z.infer<typeof serviceHealth>;

export const healthReport = z.object({
  status: z.enum(['up', 'degraded', 'down']),
  version: z.string(),
  /** Contracts that this backend supports, for negotiation when connecting. */
  contract: z.object({ current: z.number().int(), oldest: z.number().int() }),
  /** Id of this deployment, so that a console can distinguish two stacks at one address. */
  instanceId: z.string(),
  time: epochMs,
  services: z.array(serviceHealth),
  /** The notices of all services. */
  notices: z.array(healthNotice).default([]),
  /** When rules were last evaluated; null before the first round. */
  rulesEvaluatedAt: epochMs.nullable(),
});
export type HealthReport = z.infer<typeof healthReport>;

export const health = {
  live: endpoint({
    method: 'GET',
    path: '/health/live',
    role: 'PUBLIC',
    summary: 'Liveness probe: answers while the process runs.',
    reply: z.object({ status: z.literal('up') }),
    rateLimited: false,
  }),
  actuator: endpoint({
    method: 'GET',
    path: '/actuator/health',
    role: 'PUBLIC',
    summary: 'Readiness for load balancers of the older stack: `UP`, or `DOWN` with status 503.',
    reply: z.object({ status: z.enum(['UP', 'DOWN']) }),
    statusOf: ({ status }: { status: 'UP' | 'DOWN' }) => (status === 'UP' ? 200 : 503),
    rateLimited: false,
  }),
  report: endpoint({
    method: 'GET',
    path: '/api/v1/health',
    role: 'PUBLIC',
    summary: 'Version, contract and the state of every service. Used to negotiate at connect and as the readiness probe.',
    reply: healthReport,
    rateLimited: false,
  }),
};
