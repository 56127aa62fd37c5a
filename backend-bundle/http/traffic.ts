/** Requests answered since they were last taken. */
export interface TrafficTaken {
  /** By class of status: `2xx`, `4xx`, `5xx`. */
  requests: ReadonlyMap<string, number>;
  /** Of how long answers took, ms; null when there were none. */
  p95Ms: number | null;
}

/** At most this many times are kept between two readings; beyond it, each new one replaces an old one. */
const maxTimes = 2_048;

/** Counts what a server answers, in bounded memory. */
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
