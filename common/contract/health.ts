import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { epochMs } from './primitives.ts';

export const serviceHealth = z.object({
  name: z.string(),
  status: z.enum(['up', 'degraded', 'down']),
  /** Why it is not up, in words; absent when it is. */
  detail: z.string().optional(),
  /** Bytes on disk, of a service that keeps much. */
  storedBytes: z.number().int().optional(),
});
export type ServiceHealth = z.infer<typeof serviceHealth>;

export const healthReport = z.object({
  status: z.enum(['up', 'degraded', 'down']),
  version: z.string(),
  /** Contracts this backend speaks, for negotiation at connect. */
  contract: z.object({ current: z.number().int(), oldest: z.number().int() }),
  /** Names this deployment, so a console can tell two stacks at one address apart. */
  instanceId: z.string(),
  time: epochMs,
  services: z.array(serviceHealth),
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
  report: endpoint({
    method: 'GET',
    path: '/api/v1/health',
    role: 'PUBLIC',
    summary: 'Version, contract and the state of every service. Used to negotiate at connect and as the readiness probe.',
    reply: healthReport,
    rateLimited: false,
  }),
};
