import { Readable } from 'node:stream';
import { heartbeatMs, sessionEnds } from '#common/contract/events.ts';
import type { SentEvent } from '../services/service.ts';

/** Formats an event for EventSource. JSON has no raw line breaks, so one `data:` line is enough. */
export function formatEvent({ id, event }: SentEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/**
 * Returns the body of an event stream: events as they arrive, and a comment as a heartbeat. The client's reading drives the stream, so a
 * slow client delays only its own source.
 * @param ended aborts when the client may receive no more; the stream then sends the reason and ends
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
  // Events do not delay the heartbeat: clients rely on it in busy hours, too.
  let beat = nextBeat();
  const { promise: end, resolve: onEnded } = Promise.withResolvers<'ended'>();
  const stop = () => onEnded('ended');
  ended.addEventListener('abort', stop);
  if (ended.aborted) stop();
  try {
    // Fills the buffers of proxies that hold back small responses, and shows the client that it is connected.
    yield ': connected\n\n';
    for (;;) {
      // The end is checked first: the client must not receive events after it.
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
    // The source may be waiting for its next event. The request's signal ends it, so there is no need to wait here.
    next.catch(() => undefined);
    source.return?.().catch(() => undefined);
  }
}
