import { Readable } from 'node:stream';
import { heartbeatMs } from '#common/contract/events.ts';
import type { SentEvent } from '../services/service.ts';

/** One event as the EventSource format wants it. JSON has no raw line breaks, so one `data:` line is enough. */
export function formatEvent({ id, event }: SentEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/**
 * The body of an event stream: events as they come, and a comment at a steady beat. The stream is pulled, so a
 * slow reader holds back its own source and nobody else's.
 * @param stillWelcome asked before every heartbeat; the stream ends when it says no
 */
export function eventStreamBody(events: AsyncIterable<SentEvent>, stillWelcome: () => Promise<boolean>, everyMs = heartbeatMs): Readable {
  return Readable.from(chunks(events, stillWelcome, everyMs), { objectMode: false, highWaterMark: 64 * 1024 });
}

async function* chunks(events: AsyncIterable<SentEvent>, stillWelcome: () => Promise<boolean>, everyMs: number): AsyncGenerator<string> {
  const source = events[Symbol.asyncIterator]();
  let next = source.next();
  let timer: NodeJS.Timeout | undefined;
  const nextBeat = () =>
    new Promise<'beat'>((resolve) => {
      timer = setTimeout(() => resolve('beat'), everyMs);
    });
  // Events do not put the beat off: whether the reader is still welcome is asked on time in busy hours, too.
  let beat = nextBeat();
  try {
    // Fills the buffers of proxies that hold back small answers, and tells the reader that it is connected.
    yield ': connected\n\n';
    for (;;) {
      const first = await Promise.race([beat, next]);
      if (first === 'beat') {
        if (!(await stillWelcome())) return;
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
    // The source may be waiting for its next event; the request's signal wakes it, so nothing waits for it here.
    next.catch(() => undefined);
    source.return?.().catch(() => undefined);
  }
}
