import { useCallback, useSyncExternalStore } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import { ThumbnailPainter } from '../export/thumbnail.tsx';
import { pictures } from './pictures.ts';

/** Draws the thumbnails that visible cards need, one at a time. */
export function Studio({ connection }: { connection: Connection }) {
  const queue = useSyncExternalStore(pictures.subscribe, pictures.queue);
  const next = queue.find(({ connectionId }) => connectionId === connection.id);
  const key = next?.key;
  const done = useCallback((image: string | null) => key !== undefined && pictures.done(key, image), [key]);
  if (!next || connection.state !== 'live') return null;
  return <ThumbnailPainter key={next.key} connection={connection} code={next.code} theme={next.theme} keep={next.keep} onDone={done} />;
}
