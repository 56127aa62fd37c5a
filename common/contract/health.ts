import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { epochMs } from './primitives.ts';

/** What the store of points holds and how it keeps up. Times are epoch ms. */
const pointsHealth = z.object({
  series: z.number().int(),
  /**
   * Points that are kept. A point that was written again counts twice until it is compacted; an estimate of the planner's on PostgreSQL.
   * Null where counting would mean to read them all.
   */
  points: z.number().int().nullable(),
  /** Times of the oldest and the newest point; null without one. */
  oldestAt: epochMs.nullable(),
  newestAt: epochMs.nullable(),
  /** Stretches that cannot be read; `detail` names the first. */
  damaged: z.number().int(),
  /** Name of the damaged series file that was set aside in the data folder, and saved from; null when there is none. */
  setAside: z.string().nullable().default(null),
  /** What is durable in the log and waits to be compacted into chunks: points, and bytes of the log. */
  pendingPoints: z.number().int(),
  pendingBytes: z.number().int(),
  /** Points that a full disk refused: they are not stored, but rules are evaluated on them until their senders deliver them again. */
  unstoredPoints: z.number().int().default(0),
  /** When points were last compacted; null when never, or where there is no such work. */
  compactedAt: epochMs.nullable(),
  /** When this process last ended a run of retention, and how many points went in it; null before the first. */
  retention: z.object({ endedAt: epochMs, deleted: z.number().int() }).nullable(),
});

/** What whoever looks after the backend should know, for a console to say in its own language. */
const healthNotice = z.discriminatedUnion('kind', [
  /** Points are missing or may be. `setAside` names the damaged file, beside the one in use. */
  z.object({ kind: z.literal('points-damaged'), count: z.number().int(), setAside: z.string().nullable() }),
  z.object({ kind: z.literal('disk-full'), path: z.string(), freeBytes: z.number().int() }),
  /** Users, rules, alerts and dashboards were lost and begun anew; the points were kept. */
  z.object({ kind: z.literal('control-data-anew'), at: epochMs }),
]);
export type HealthNotice = z.infer<typeof healthNotice>;

const serviceHealth = z.object({
  name: z.string(),
  status: z.enum(['up', 'degraded', 'down']),
  /** Why it is not up, in words; absent when it is. */
  detail: z.string().optional(),
  /** Bytes on disk, of a service that keeps much. */
  storedBytes: z.number().int().optional(),
  notices: z.array(healthNotice).optional(),
  /** Of the service that keeps the points. */
  points: pointsHealth.optional(),
  /** Of the service that evaluates rules: when it last did; null before the first round. */
  rulesEvaluatedAt: epochMs.nullable().optional(),
});
export type ServiceHealth = z.infer<typeof serviceHealth>;

export const healthReport = z.object({
  status: z.enum(['up', 'degraded', 'down']),
  version: z.string(),
  /** Contracts that this backend supports, for negotiation when connecting. */
  contract: z.object({ current: z.number().int(), oldest: z.number().int() }),
  /** Names this deployment, so a console can tell two stacks at one address apart. */
  instanceId: z.string(),
  time: epochMs,
  services: z.array(serviceHealth),
  /** Those of all services. */
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
    summary: 'Answers while the process runs.',
    reply: z.object({ status: z.literal('up') }),
    rateLimited: false,
  }),
  actuator: endpoint({
    method: 'GET',
    path: '/actuator/health',
    role: 'PUBLIC',
    summary: 'Whether this backend serves, as load balancers of the older stack ask: `UP`, or `DOWN` with status 503.',
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
