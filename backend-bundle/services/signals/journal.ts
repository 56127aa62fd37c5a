import type { Bus } from '../../engines/bus/port.ts';

/** At most this many intervals are remembered for each loader or metric; beyond it, neighbours are merged. */
const maxIntervals = 32;

interface StoredInterval {
  start: number;
  end: number;
  /** When this was heard last, ms. */
  at: number;
}
type Kind = 'signal' | 'metric';

/** Remembers in which stretches points were stored since this process began to listen, so that a reader can catch up. */
export class ChangeJournal {
  readonly #now: () => number;
  readonly #intervals = new Map<`${Kind} ${string}`, StoredInterval[]>();
  readonly #since: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  /** Hears what any process of the deployment stores. @returns what ends it */
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
    // Neighbours in the order of storing: of a live series they touch, so joined they say no more than before.
    const joined: StoredInterval[] = [];
    for (let i = 0; i < known.length; i += 2) {
      const [a, b] = [known[i] as StoredInterval, known[i + 1] ?? (known[i] as StoredInterval)];
      joined.push({ start: Math.min(a.start, b.start), end: Math.max(a.end, b.end), at: b.at });
    }
    this.#intervals.set(key, joined);
  }

  /** Everything stored after `since` (ms), as far back as `completeSince`. */
  changes(since: number): { completeSince: number; items: { from: Kind; name: string; start: number; end: number; at: number }[] } {
    const items = [...this.#intervals].flatMap(([key, intervals]) => {
      const [from, name] = [key.slice(0, 6) as Kind, key.slice(7)];
      return intervals.filter(({ at }) => at >= since).map((interval) => ({ from, name, ...interval }));
    });
    return { completeSince: this.#since, items };
  }
}
