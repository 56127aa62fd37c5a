import { z } from 'zod';
import type { Policies } from '../policies.ts';
import type { Cached } from './cached.ts';
import { connectionId } from './connections.ts';
import { event, method, service } from './rpc.ts';

/** What keeps alerts from notifying: silences, maintenance windows and inhibitions. */
export const policies = service({
  methods: {
    list: method<Cached<Policies>>()(z.strictObject({ connectionId })),
  },
  events: { changed: event<{ connectionId: string; policies: Policies; asOf: number }>() },
});
