import { z } from 'zod';
import { type Loader, type LoaderPreview, type LoaderRun, loaderPreviewRequest, loaderUpdate } from '../loaders.ts';
import { code } from '../primitives.ts';
import type { Cached } from './cached.ts';
import { connectionId } from './connections.ts';
import { event, method, service } from './rpc.ts';

const onLoader = z.strictObject({ connectionId, code });

export const loaders = service({
  methods: {
    list: method<Cached<Loader[]>>()(z.strictObject({ connectionId })),
    runs: method<Cached<LoaderRun[]>>()(onLoader),
    pause: method<Loader>()(onLoader),
    resume: method<Loader>()(onLoader),
    run: method<LoaderRun>()(onLoader),
    update: method<Loader>()(z.strictObject({ connectionId, definition: loaderUpdate })),
    preview: method<LoaderPreview>()(z.strictObject({ connectionId, request: loaderPreviewRequest })),
  },
  events: { changed: event<{ connectionId: string; loaders: Loader[] }>() },
});
