import { type LiveEventType, type LivePayload, type StreamEvent, streamEvent } from '#common/contract/events.ts';
import type { Bus, BusEvent } from '../../engines/bus/port.ts';
import type { SentEvent } from '../service.ts';

/** Number of events read from the bus at once. */
const batchSize = 500;
/** Maximum number of live events buffered for a slow client; the oldest are dropped first, because later ones repeat them. */
const maxPassingEvents = 500;

/**
 * Yields the events for a console, from after `lastEventId` (or from now) until `signal` aborts.
 *
 * Stored events are always read from the bus by position; a commit only triggers the next read. So missed and new events are read the same
 * way, without a gap or a repeat between them.
 */
export async function* followEvents(
  { bus, now }: { bus: Bus; now: () => number },
  lastEventId: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<SentEvent, void> {
  const passing: StreamEvent[] = [];
  let recorded = lastEventId !== undefined;
  let wake = () => {};
  const unwatch = bus.watch(() => {
    recorded = true;
    wake();
  });
  const unannounce = bus.onAnnounced((event) => {
    if (passing.length >= maxPassingEvents) passing.shift();
    passing.push(asStreamEvent(event));
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);

  try {
    const newest = await bus.lastId();
    yield { event: { type: 'hello', data: { at: now(), lastId: newest } } };
    let position = lastEventId ?? newest;
    if (BigInt(position) > BigInt(newest)) {
      yield resync('The last event id is not from this backend: its data was replaced or restored.');
      position = newest;
    }
    while (!signal.aborted) {
      while (recorded && !signal.aborted) {
        recorded = false;
        const batch = await bus.replay(position, batchSize);
        if (batch === null) {
          position = await bus.lastId();
          recorded = true;
          yield resync('The missed events are older than the backend keeps.');
          continue;
        }
        // Only an empty batch means that there are no more: unreadable events are left out of a full one.
        if (batch.length > 0) recorded = true;
        for (const event of batch) {
          position = event.id;
          yield { id: event.id, event: fromBus(event) };
        }
      }
      for (let event = passing.shift(); event && !signal.aborted; event = passing.shift()) yield { event };
      if (recorded || passing.length > 0 || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    unwatch();
    unannounce();
    signal.removeEventListener('abort', onAbort);
  }
}

const resync = (reason: string): SentEvent => ({ event: { type: 'resync', data: { reason } } });
// The contract declares every bus and live event as a stream event of the same shape; parsing also drops what is undeclared.
const fromBus = (event: BusEvent): StreamEvent => streamEvent.parse({ type: event.type, data: event.payload });
const asStreamEvent = (event: { type: LiveEventType; payload: LivePayload<LiveEventType> }): StreamEvent =>
  streamEvent.parse({ type: event.type, data: event.payload });
