import { createParser } from 'eventsource-parser';
import { errorFrom, UnreachableError } from '#common/contract/client.ts';
import type { SessionEnd, StreamEvent } from '#common/contract/events.ts';
import { eventStream, streamEvent } from '#common/contract/events.ts';
import { contractHeader, contractVersion } from '#common/contract/version.ts';
import { SilenceError } from './problem.ts';
import { silenceMs } from './status.ts';

/** Thrown when the backend ended the stream with a reason: a new token or a new sign-in is needed. */
export class StreamEndedError extends UnreachableError {
  constructor(reason: SessionEnd) {
    super(reason === 'token_expired' ? 'The access token expired.' : 'The backend ended the session.');
  }
}

/** Maximum number of events handed over at once. */
const maxBatch = 500;

/** An event and its id in the stream; null for a live event, which is not stored. */
export interface ReceivedEvent {
  event: StreamEvent;
  id: string | null;
}

export interface StreamOptions {
  url: string;
  fetch: typeof fetch;
  token: string;
  /** Resume after this event; null starts from now. */
  lastEventId: string | null;
  signal: AbortSignal;
  /** Called when any byte arrives. */
  onContact: () => void;
  /**
   * Called with events in order. Events that arrive while a call is running are passed to the next one together, at most `maxBatch` at
   * once.
   */
  onEvents: (events: readonly ReceivedEvent[]) => Promise<void>;
  /** Maximum time without a byte, ms. */
  silenceMs?: number;
}

/**
 * Follows the backend's events until the stream ends, which always throws.
 * @throws AppError when the backend refuses; SilenceError when no byte arrives for too long; UnreachableError; any error of `onEvents`
 */
export async function followStream(options: StreamOptions): Promise<never> {
  const limitMs = options.silenceMs ?? silenceMs;
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const received: ReceivedEvent[] = [];
  let taken: Promise<void> = Promise.resolve();
  let silence: NodeJS.Timeout | undefined;
  const restartTimer = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => ending.abort(new SilenceError(limitMs)), limitMs);
    options.onContact();
  };
  try {
    restartTimer();
    const response = await options.fetch(options.url + eventStream.subscribe.path, {
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${options.token}`,
        [contractHeader]: String(contractVersion),
        ...(options.lastEventId === null ? {} : { 'last-event-id': options.lastEventId }),
      },
      signal,
      redirect: 'error',
    });
    if (!response.ok) throw await errorFrom(response);
    if (response.body === null) throw new UnreachableError('The backend sent no event stream.');
    const parser = createParser({
      onEvent: ({ id, data }) => {
        const event = parse(data);
        // Unknown kinds of events are ignored.
        if (event === undefined) return;
        received.push({ event, id: id ?? null });
        // Reading continues while events are being processed, so that heartbeats are noticed.
        taken = taken.then(() => (signal.aborted || received.length === 0 ? undefined : options.onEvents(received.splice(0, maxBatch))));
        taken.catch((error: unknown) => ending.abort(error));
      },
    });
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      restartTimer();
      parser.feed(decoder.decode(chunk, { stream: true }));
    }
    await taken;
    throw new UnreachableError('The backend ended the event stream.');
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    if (ending.signal.aborted) throw ending.signal.reason;
    throw error;
  } finally {
    clearTimeout(silence);
    // Running work must finish before the next stream starts, or older events could overwrite newer ones.
    await taken.catch(() => undefined);
  }
}

function parse(data: string): StreamEvent | undefined {
  try {
    return streamEvent.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
