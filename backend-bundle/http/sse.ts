import { Readable } from 'node:stream';
import { heartbeatMs, sessionEnds } from '#common/contract/events.ts';
import type { SentEvent } from '../services/service.ts';

/** One event as the EventSource format wants it. JSON has no raw line breaks, so one `data:` line is enough. */
export function formatEvent({ id, event }: SentEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/**
 * The body of an event stream: events as they come, and a comment at a steady beat. The stream is pulled, so a
 * slow reader holds back its own source and nobody else's.
 * @param ended aborts when the reader may hear no more; the stream then says why, by its reason, and ends
 */
export function eventStreamBody(events: AsyncIterable<SentEvent>, ended: AbortSignal, everyMs = heartbeatMs): Readable {
  return Readable.from(chunks(events, ended, everyMs), { objectMode: false, highWaterMark: 64 * 1024 });
}

async function* chunks(events: AsyncIterable<SentEvent>, ended: AbortSignal, everyMs: number): AsyncGenerator<string> {
  const source = events[Symbol.asyncIterator]();
  let next = source.next();
  let timer: NodeJS.Timeout | undefined;
  const nextBeat = () =>
    new Promise<'beat'>((resolve) => {
      timer = setTimeout(() => resolve('beat'), everyMs);
    });
  // Events do not put the beat off: a reader tells a living stream by it in busy hours, too.
  let beat = nextBeat();
  const { promise: end, resolve: onEnded } = Promise.withResolvers<'ended'>();
  const stop = () => onEnded('ended');
  ended.addEventListener('abort', stop);
  if (ended.aborted) stop();
  try {
    // Fills the buffers of proxies that hold back small answers, and tells the reader that it is connected.
    yield ': connected\n\n';
    for (;;) {
      // The end comes first: what happened after it is not the reader's to hear.
      const first = await Promise.race([end, beat, next]);
      if (first === 'ended' || ended.aborted) {
        const reason = sessionEnds.find((one) => one === ended.reason);
        if (reason === undefined) throw ended.reason;
        yield formatEvent({ event: { type: 'ended', data: { reason } } });
        return;
      }
      if (first === 'beat') {
        beat = nextBeat();
        yield ': heartbeat\n\n';
      } else if (first.done) {
        return;
      } else {
        next = source.next();
        yield formatEvent(first.value);
      }
    }
  } finally {
    clearTimeout(timer);
    ended.removeEventListener('abort', stop);
    // The source may be waiting for its next event; the request's signal wakes it, so nothing waits for it here.
    next.catch(() => undefined);
    source.return?.().catch(() => undefined);
  }
}
