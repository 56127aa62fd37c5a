import type { Bus } from '../../engines/bus/port.ts';

/** Maximum number of intervals kept per loader or metric; after that, neighbours are merged. */
const maxIntervals = 32;

interface StoredInterval {
  start: number;
  end: number;
  /** When this was last announced, ms. */
  at: number;
}
type Kind = 'signal' | 'metric';

/** Records the intervals in which points were stored since this process started listening, so that a client can catch up. */
export class ChangeJournal {
  readonly #now: () => number;
  readonly #intervals = new Map<`${Kind} ${string}`, StoredInterval[]>();
  readonly #since: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  /** Listens to what any process of the deployment stores. @returns a function that stops it */
  listen(bus: Pick<Bus, 'onAnnounced'>): () => void {
    return bus.onAnnounced(({ type, payload }) => {
      if (type === 'signals.stored' && 'loaderCode' in payload && 'to' in payload) this.add('signal', payload.loaderCode, payload);
      else if (type === 'metrics.stored' && 'names' in payload) for (const name of payload.names) this.add('metric', name, payload);
    });
  }

  add(kind: Kind, name: string, { from, to }: { from: number; to: number }): void {
    const key = `${kind} ${name}` as const;
    const known = this.#intervals.get(key) ?? [];
    this.#intervals.set(key, known);
    known.push({ start: from, end: to, at: this.#now() });
    if (known.length <= maxIntervals) return;
    // Merges neighbours in order of storing: those of a live series touch, so merging them loses nothing.
    const joined: StoredInterval[] = [];
    for (let i = 0; i < known.length; i += 2) {
      const [a, b] = [known[i] as StoredInterval, known[i + 1] ?? (known[i] as StoredInterval)];
      joined.push({ start: Math.min(a.start, b.start), end: Math.max(a.end, b.end), at: b.at });
    }
    this.#intervals.set(key, joined);
  }

  /** Returns everything stored after `since` (ms); it is complete back to `completeSince`. */
  changes(since: number): { completeSince: number; items: { from: Kind; name: string; start: number; end: number; at: number }[] } {
    const items = [...this.#intervals].flatMap(([key, intervals]) => {
      const [from, name] = [key.slice(0, 6) as Kind, key.slice(7)];
      return intervals.filter(({ at }) => at >= since).map((interval) => ({ from, name, ...interval }));
    });
    return { completeSince: this.#since, items };
  }
}
