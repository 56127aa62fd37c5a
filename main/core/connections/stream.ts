import { createParser } from 'eventsource-parser';
import { errorFrom, UnreachableError } from '#common/contract/client.ts';
import type { SessionEnd, StreamEvent } from '#common/contract/events.ts';
import { eventStream, streamEvent } from '#common/contract/events.ts';
import { contractHeader, contractVersion } from '#common/contract/version.ts';
import { SilenceError } from './problem.ts';
import { silenceMs } from './status.ts';

/** The backend ended the stream and said why: a new token is needed, or a new sign-in. */
export class StreamEndedError extends UnreachableError {
  constructor(reason: SessionEnd) {
    super(reason === 'token_expired' ? 'The access token expired.' : 'The backend ended the session.');
  }
}

/** Maximum number of events handed over at once. */
const maxBatch = 500;

/** An event and its place in the stream; null for one that passes and is not kept. */
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
  /** Any byte came. */
  onContact: () => void;
  /** Events in order. What arrives while some are being taken in is handed over together afterwards, at most `maxBatch` at once. */
  onEvents: (events: readonly ReceivedEvent[]) => Promise<void>;
  /** Longest silence, ms. */
  silenceMs?: number;
}

/**
 * Follows the backend's events until the stream ends, which it always does by throwing.
 * @throws AppError as the backend refused; SilenceError when no byte came for too long; UnreachableError; what `onEvent` throws
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
        // A kind that this console does not know.
        if (event === undefined) return;
        received.push({ event, id: id ?? null });
        // Reading goes on while events are being taken in, so that heartbeats are heard meanwhile.
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
    // What was begun is finished before the next stream may begin, or old news could overtake new.
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
