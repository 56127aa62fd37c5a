import { EventSourceParserStream } from 'eventsource-parser/stream';
import { type StreamEvent, streamEvent } from '#common/contract/events.ts';

export interface StreamedEvent {
  id: string | undefined;
  event: StreamEvent;
}

export interface EventReader {
  /** The next event, however long it takes. */
  next(): Promise<StreamedEvent>;
  /** Reads until an event matches; returns it and drops those before it. */
  until(fits: (heard: StreamedEvent) => boolean): Promise<StreamedEvent>;
  close(): Promise<void>;
}

/** Listens to a backend's event stream as a console does. */
export async function readEvents(url: string, token: string, lastEventId?: string): Promise<EventReader> {
  const leave = new AbortController();
  const response = await fetch(`${url}/api/v1/events`, {
    headers: { authorization: `Bearer ${token}`, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
    signal: leave.signal,
  });
  if (!response.ok || !response.body) throw new Error(`The stream answered ${response.status}: ${await response.text()}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
  const next = async (): Promise<StreamedEvent> => {
    const { value, done } = await reader.read();
    if (done || value === undefined) throw new Error('The stream ended.');
    return { id: value.id, event: streamEvent.parse(JSON.parse(value.data)) };
  };
  return {
    next,
    async until(fits) {
      for (;;) {
        const heard = await next();
        if (fits(heard)) return heard;
      }
    },
    async close() {
      leave.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}
