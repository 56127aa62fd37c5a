import { z } from 'zod';
import { alert, alertEvent, alertSummary, summariseAlert } from './alerts.ts';
import { conveyorStatus } from './conveyor.ts';
import { endpoint } from './endpoint.ts';
import { loader, loaderRun } from './loaders.ts';
import { code, epochMs, id } from './primitives.ts';

/** Events that were stored before they had a summary get one when they are read. */
const alertTransition = z.preprocess(
  (payload) => {
    const known = z.looseObject({ alert }).safeParse(payload);
    return known.success ? { ...summariseAlert(known.data.alert), ...known.data } : payload;
  },
  alertSummary.extend({ alert, event: alertEvent }),
);

/**
 * Events that services publish on the bus in the transaction of the change. The key is the routing key on the `alerts` exchange. Consumers
 * are idempotent by event id.
 */
export const busEvents = {
  'alert.triggered': alertTransition,
  'alert.updated': alertTransition,
  'alert.resolved': alertTransition,
  'loader.changed': z.object({ loader }),
  'loader.deleted': z.object({ loaderCode: code }),
  /** A rule was created, changed or, with `version: null`, deleted. Events stored before rules had versions only have its code. */
  'rule.changed': z.object({ ruleCode: code, version: z.number().int().nullable().optional(), by: z.string().optional() }),
  /** A silence, maintenance window or inhibition was created, changed, ended or deleted. */
  'policy.changed': z.object({ kind: z.enum(['silence', 'maintenance', 'inhibition']), id, by: z.string() }),
  /** A chart definition or dashboard was created, changed or, with `version: null`, deleted. */
  'chart.changed': z.object({ chartCode: code, version: z.number().int().nullable(), by: z.string() }),
  'dashboard.changed': z.object({ dashboardCode: code, version: z.number().int().nullable(), by: z.string() }),
} as const;
export type BusEventType = keyof typeof busEvents;
export type BusPayload<T extends BusEventType> = z.infer<(typeof busEvents)[T]>;

/** Live events for consoles. They are not stored or replayed, because the next one repeats the information. */
export const liveEvents = {
  'rules.evaluated': z.object({ at: epochMs, rules: z.number().int(), durationMs: z.number() }),
  /** Points were stored or deleted in an interval, which must be read again. */
  'signals.stored': z.object({ loaderCode: code, from: epochMs, to: epochMs }),
  'metrics.stored': z.object({ names: z.array(z.string()), from: epochMs, to: epochMs }),
  /** After every run, so that a loader's last run is never older than its interval. */
  'loader.progress': z.object({ loaderCode: code, historyProgress: z.number(), loadedTo: epochMs.nullable(), lastRun: loaderRun }),
  'conveyor.changed': conveyorStatus,
} as const;
export type LiveEventType = keyof typeof liveEvents;
export type LivePayload<T extends LiveEventType> = z.infer<(typeof liveEvents)[T]>;

/** Why the backend ends an event stream: its token has expired, or its session or key has ended. */
export const sessionEnds = ['token_expired', 'session_ended'] as const;
export type SessionEnd = (typeof sessionEnds)[number];

/** Events of the event stream. Only bus events have an SSE id; `resync` means that the replay window was missed. */
export const streamEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('alert.triggered'), data: busEvents['alert.triggered'] }),
  z.object({ type: z.literal('alert.updated'), data: busEvents['alert.updated'] }),
  z.object({ type: z.literal('alert.resolved'), data: busEvents['alert.resolved'] }),
  z.object({ type: z.literal('loader.changed'), data: busEvents['loader.changed'] }),
  z.object({ type: z.literal('loader.deleted'), data: busEvents['loader.deleted'] }),
  z.object({ type: z.literal('rule.changed'), data: busEvents['rule.changed'] }),
  z.object({ type: z.literal('policy.changed'), data: busEvents['policy.changed'] }),
  z.object({ type: z.literal('chart.changed'), data: busEvents['chart.changed'] }),
  z.object({ type: z.literal('dashboard.changed'), data: busEvents['dashboard.changed'] }),
  z.object({ type: z.literal('rules.evaluated'), data: liveEvents['rules.evaluated'] }),
  z.object({ type: z.literal('signals.stored'), data: liveEvents['signals.stored'] }),
  z.object({ type: z.literal('metrics.stored'), data: liveEvents['metrics.stored'] }),
  z.object({ type: z.literal('loader.progress'), data: liveEvents['loader.progress'] }),
  z.object({ type: z.literal('conveyor.changed'), data: liveEvents['conveyor.changed'] }),
  /** First event of every stream: `at` is server time; `lastId` is the newest id at that moment. */
  z.object({ type: z.literal('hello'), data: z.object({ at: epochMs, lastId: z.string() }) }),
  z.object({ type: z.literal('resync'), data: z.object({ reason: z.string() }) }),
  /** Last event of a stream whose client must send a new token or sign in again. */
  z.object({ type: z.literal('ended'), data: z.object({ reason: z.enum(sessionEnds) }) }),
]);
export type StreamEvent = z.infer<typeof streamEvent>;

/** A comment line is sent this often so that a dead connection is noticed, ms. */
export const heartbeatMs = 5_000;

export const eventStream = {
  subscribe: endpoint({
    method: 'GET',
    path: '/api/v1/events',
    role: 'VIEWER',
    summary:
      'Server-sent events, from after `Last-Event-ID` (header or query). When that id is older than the replay window the first event is `resync`.',
    query: z.strictObject({ lastEventId: z.string().regex(/^\d+$/).optional() }),
    reply: streamEvent,
    stream: 'sse',
    rateLimited: false,
  }),
};
