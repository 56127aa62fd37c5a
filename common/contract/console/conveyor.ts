import { z } from 'zod';
import type { ConveyorStatus } from '../conveyor.ts';
import { faultKind } from '../conveyor.ts';
import type { Cached } from './cached.ts';
import { connectionId } from './connections.ts';
import { event, method, service } from './rpc.ts';

const onBelt = z.strictObject({ connectionId, belt: z.string().min(1).max(64) });

export const conveyor = service({
  methods: {
    status: method<Cached<ConveyorStatus | null>>()(z.strictObject({ connectionId })),
    inject: method<ConveyorStatus>()(onBelt.extend({ kind: faultKind })),
    clear: method<ConveyorStatus>()(onBelt),
    producer: method<ConveyorStatus>()(z.strictObject({ connectionId, running: z.boolean() })),
  },
  events: { changed: event<{ connectionId: string; status: ConveyorStatus }>() },
});
