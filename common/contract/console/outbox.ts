import { z } from 'zod';
import { id } from '../primitives.ts';
import type { ChangeKind } from './alerts.ts';
import type { Problem } from './connections.ts';
import { event, method, nothing, service } from './rpc.ts';

export interface OutboxItem {
  id: string;
  connectionId: string;
  /** The entity it changes; items of one entity are delivered in order. */
  entity: string;
  /** In English, for logs: `Acknowledge “Belt 2 speed low”`. Screens write it from `kind` and `alertName`. */
  title: string;
  kind: ChangeKind;
  /** Null for a change that an older console queued. */
  alertName: string | null;
  createdAt: number;
  attempts: number;
  /** waiting: not yet tried or between tries; sending; conflict: rejected, needs a person. */
  state: 'waiting' | 'sending' | 'conflict';
  nextTryAt: number | null;
  problem: Problem | null;
}

/** Changes made here that the backend has not confirmed. */
export const outbox = service({
  methods: {
    list: method<OutboxItem[]>()(nothing),
    retry: method<void>()(z.strictObject({ id })),
    /** Permanently discards a change, at the user's explicit request. */
    discard: method<void>()(z.strictObject({ id })),
  },
  events: { changed: event<OutboxItem[]>() },
});
