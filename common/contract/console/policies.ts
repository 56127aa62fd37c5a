import { z } from 'zod';
import { type Policies, type Silence, silenceInput } from '../policies.ts';
import { id } from '../primitives.ts';
import type { Cached } from './cached.ts';
import { connectionId } from './connections.ts';
import { event, method, service } from './rpc.ts';

/** What keeps alerts from notifying: silences, maintenance windows and inhibitions. */
export const policies = service({
  methods: {
    list: method<Cached<Policies>>()(z.strictObject({ connectionId })),
    /** Changes need the backend: they are never queued, because a silence holds for everybody from the moment it is made. */
    createSilence: method<Silence>()(z.strictObject({ connectionId, silence: silenceInput })),
    /** Ends a silence now; it stays on the list. */
    endSilence: method<Silence>()(z.strictObject({ connectionId, id })),
  },
  events: { changed: event<{ connectionId: string; policies: Policies; asOf: number }>() },
});
