import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { epochMs } from './primitives.ts';

export const faultKinds = ['stop', 'slow', 'spike', 'bad_data'] as const;
export const faultKind = z.enum(faultKinds);
export type FaultKind = z.infer<typeof faultKind>;

const beltReading = z.object({
  at: epochMs,
  /** m/s */
  speed: z.number(),
  /** A */
  current: z.number(),
  /** Items per minute. */
  itemsPerMinute: z.number(),
  /** Rejected items per minute. */
  rejectsPerMinute: z.number(),
});

const belt = z.object({
  code: z.string(),
  name: z.string(),
  fault: z.object({ kind: faultKind, since: epochMs, by: z.string() }).nullable(),
  /** Null before the first reading or when the last one was unreadable. */
  reading: beltReading.nullable(),
});
export type Belt = z.infer<typeof belt>;

export const conveyorStatus = z.object({
  /** `down`: the producer has not written for more than three periods. */
  producer: z.enum(['running', 'stopped', 'down']),
  lastWriteAt: epochMs.nullable(),
  periodMs: z.number().int(),
  belts: z.array(belt),
});
export type ConveyorStatus = z.infer<typeof conveyorStatus>;

const path = '/api/v1/conveyor';
const params = z.object({ belt: z.string().min(1).max(64) });

export const conveyor = {
  status: endpoint({
    method: 'GET',
    path,
    role: 'VIEWER',
    summary: 'Get the state of the reference workload: belts, their measurements and faults.',
    reply: conveyorStatus,
    errors: ['unavailable'],
  }),
  inject: endpoint({
    method: 'PUT',
    path: `${path}/belts/:belt/fault`,
    role: 'OPERATOR',
    summary: 'Start a fault on a belt. It lasts until it is cleared.',
    params,
    body: z.strictObject({ kind: faultKind }),
    reply: conveyorStatus,
    errors: ['not_found', 'unavailable'],
  }),
  clear: endpoint({
    method: 'DELETE',
    path: `${path}/belts/:belt/fault`,
    role: 'OPERATOR',
    summary: 'Clear a fault of a belt.',
    params,
    reply: conveyorStatus,
    errors: ['not_found', 'unavailable'],
  }),
  producer: endpoint({
    method: 'PUT',
    path: `${path}/producer`,
    role: 'OPERATOR',
    summary: 'Start or stop the producer.',
    body: z.strictObject({ running: z.boolean() }),
    reply: conveyorStatus,
    errors: ['unavailable'],
  }),
};
