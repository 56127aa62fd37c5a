/** Requests handled since the last call of `take`. */
export interface TrafficTaken {
  /** Number by class of status: `2xx`, `4xx`, `5xx`. */
  requests: ReadonlyMap<string, number>;
  /** 95th percentile of response times, ms; null when there were none. */
  p95Ms: number | null;
}

/** Maximum number of response times kept between two calls of `take`; after that, each new one replaces an old one. */
const maxTimes = 2_048;

/** Counts responses and their times, in bounded memory. */
export class Traffic {
  #requests = new Map<string, number>();
  #times: number[] = [];
  #count = 0;

  note(status: number, ms: number): void {
    const kind = `${Math.floor(status / 100)}xx`;
    this.#requests.set(kind, (this.#requests.get(kind) ?? 0) + 1);
    this.#times[this.#count % maxTimes] = ms;
    this.#count += 1;
  }

  take(): TrafficTaken {
    const times = this.#times.toSorted((a, b) => a - b);
    const taken = { requests: this.#requests, p95Ms: times[Math.ceil(times.length * 0.95) - 1] ?? null };
    this.#requests = new Map();
    this.#times = [];
    this.#count = 0;
    return taken;
  }
}
