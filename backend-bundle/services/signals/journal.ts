import type { Bus } from '../../engines/bus/port.ts';

/** At most this many intervals are remembered for each loader or metric; beyond it, neighbours are merged. */
const maxIntervals = 32;

interface Stretch {
  start: number;
  end: number;
  /** When this was heard last, ms. */
  at: number;
}
type Kind = 'signal' | 'metric';

/** Remembers in which stretches points were stored since this process began to listen, so that a reader can catch up. */
export class ChangeJournal {
  readonly #now: () => number;
  readonly #stretches = new Map<`${Kind} ${string}`, Stretch[]>();
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
    const known = this.#stretches.get(key) ?? [];
    this.#stretches.set(key, known);
    known.push({ start: from, end: to, at: this.#now() });
    if (known.length <= maxIntervals) return;
    // Neighbours in the order of storing: of a live series they touch, so joined they say no more than before.
    const joined: Stretch[] = [];
    for (let i = 0; i < known.length; i += 2) {
      const [a, b] = [known[i] as Stretch, known[i + 1] ?? (known[i] as Stretch)];
      joined.push({ start: Math.min(a.start, b.start), end: Math.max(a.end, b.end), at: b.at });
    }
    this.#stretches.set(key, joined);
  }

  /** Everything stored after `since` (ms), as far back as `completeSince`. */
  changes(since: number): { completeSince: number; items: { from: Kind; name: string; start: number; end: number; at: number }[] } {
    const items = [...this.#stretches].flatMap(([key, stretches]) => {
      const [from, name] = [key.slice(0, 6) as Kind, key.slice(7)];
      return stretches.filter(({ at }) => at >= since).map((stretch) => ({ from, name, ...stretch }));
    });
    return { completeSince: this.#since, items };
  }
}
