import type { Bus } from '../engines/bus/port.ts';

/** Announcements of one kind are at least this far apart, ms. */
const everyMs = 1_000;
/** Maximum number of names in one event: names have at most 128 characters, and PostgreSQL accepts payloads under 8,000 bytes. */
const maxNames = 50;

interface Span {
  from: number;
  to: number;
}

/** Tells consoles which data is new, at most once a second for each loader: they ask for what they show. */
export interface StoredAnnouncer {
  /** @param span from the first to just after the last stored time, epoch ms */
  signals(loaderCode: string, span: Span): void;
  metrics(names: Iterable<string>, span: Span): void;
  /** Says what is still to be said, and no more after it. */
  close(): void;
}

/** For every service that stores points. The first word goes out at once; what follows within the second goes out together. */
export function announceStored(bus: Bus): StoredAnnouncer {
  const channels = new Map<string, Coalesced>();
  const channel = (key: string, say: (span: Span) => void): Coalesced => {
    const known = channels.get(key) ?? new Coalesced(say);
    channels.set(key, known);
    return known;
  };
  const names = new Set<string>();
  return {
    signals(loaderCode, span) {
      channel(`signals ${loaderCode}`, (all) => bus.announce('signals.stored', { loaderCode, ...all })).add(span);
    },
    metrics(stored, span) {
      for (const name of stored) names.add(name);
      channel('metrics', (all) => {
        const said = [...names];
        names.clear();
        // Between processes an announcement is short.
        for (let i = 0; i < said.length; i += maxNames) bus.announce('metrics.stored', { names: said.slice(i, i + maxNames), ...all });
      }).add(span);
    },
    close() {
      for (const one of channels.values()) one.close();
    },
  };
}

class Coalesced {
  readonly #say: (span: Span) => void;
  #span: Span | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(say: (span: Span) => void) {
    this.#say = say;
  }

  add({ from, to }: Span): void {
    this.#span = this.#span ? { from: Math.min(this.#span.from, from), to: Math.max(this.#span.to, to) } : { from, to };
    if (this.#timer === undefined) this.#flush();
  }

  close(): void {
    clearTimeout(this.#timer);
    if (this.#span) this.#say(this.#span);
    this.#span = null;
  }

  #flush(): void {
    if (!this.#span) {
      this.#timer = undefined;
      return;
    }
    this.#say(this.#span);
    this.#span = null;
    this.#timer = setTimeout(() => this.#flush(), everyMs).unref();
  }
}
