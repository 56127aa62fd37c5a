import { z } from 'zod';
import type { ConveyorStatus } from '../conveyor.ts';
import { faultKind } from '../conveyor.ts';
import { type Loader, type LoaderPreview, type LoaderRun, loaderPreviewRequest, loaderUpdate } from '../loaders.ts';
import { code } from '../primitives.ts';
import { connectionId } from './connections.ts';
import { event, method, service } from './rpc.ts';

/** Last copy seen and its age. */
export interface Seen<T> {
  value: T;
  /** ms; null when the backend has never told. */
  asOf: number | null;
}

const onLoader = z.strictObject({ connectionId, code });

export const loaders = service({
  methods: {
    list: method<Seen<Loader[]>>()(z.strictObject({ connectionId })),
    runs: method<Seen<LoaderRun[]>>()(onLoader),
    pause: method<Loader>()(onLoader),
    resume: method<Loader>()(onLoader),
    run: method<LoaderRun>()(onLoader),
    update: method<Loader>()(z.strictObject({ connectionId, definition: loaderUpdate })),
    preview: method<LoaderPreview>()(z.strictObject({ connectionId, request: loaderPreviewRequest })),
  },
  events: { changed: event<{ connectionId: string; loaders: Loader[] }>() },
});

const onBelt = z.strictObject({ connectionId, belt: z.string().min(1).max(64) });

export const conveyor = service({
  methods: {
    status: method<Seen<ConveyorStatus | null>>()(z.strictObject({ connectionId })),
    inject: method<ConveyorStatus>()(onBelt.extend({ kind: faultKind })),
    clear: method<ConveyorStatus>()(onBelt),
    producer: method<ConveyorStatus>()(z.strictObject({ connectionId, running: z.boolean() })),
  },
  events: { changed: event<{ connectionId: string; status: ConveyorStatus }>() },
});
