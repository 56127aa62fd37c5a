import { mergePoints, type Points, recordOf } from '#common/timeseries/chunk.ts';

/** Points of one series and hour that are acknowledged but not in a chunk yet. Grows by appending; sorts itself when read. */
export class Pending {
  /** First write-ahead entry that a point in here came from: the log must be kept from there on. */
  readonly since: number;
  #t = new Float64Array(16);
  #v = new Float64Array(16);
  #record: NonNullable<Points['record']> | undefined;
  #length = 0;
  #ascending = true;

  constructor(since: number) {
    this.since = since;
  }

  get length(): number {
    return this.#length;
  }

  push(t: number, v: number): void {
    if (this.#length === this.#t.length) this.#grow(this.#length + 1);
    if (this.#record) {
      this.pushRecord(t, 1, v, v, v, v);
      return;
    }
    this.#place(t, v);
  }

  pushRecord(t: number, count: number, min: number, max: number, v: number, sum: number): void {
    if (this.#length === this.#t.length) this.#grow(this.#length + 1);
    if (!this.#record) {
      const plain = recordOf({ t: this.#t, v: this.#v });
      this.#record = { count: plain.count, min: this.#v.slice(), max: this.#v.slice(), sum: this.#v.slice() };
    }
    const at = this.#length;
    this.#record.count[at] = count;
    this.#record.min[at] = min;
    this.#record.max[at] = max;
    this.#record.sum[at] = sum;
    this.#place(t, v);
  }

  /** All points, ascending, the last written of each time. Valid until the next push. */
  points(): Points {
    if (!this.#ascending) this.#sort();
    const n = this.#length;
    const points: Points = { t: this.#t.subarray(0, n), v: this.#v.subarray(0, n) };
    if (this.#record) {
      const { count, min, max, sum } = this.#record;
      points.record = { count: count.subarray(0, n), min: min.subarray(0, n), max: max.subarray(0, n), sum: sum.subarray(0, n) };
    }
    return points;
  }

  #place(t: number, v: number): void {
    if (this.#length > 0 && t <= (this.#t[this.#length - 1] as number)) this.#ascending = false;
    this.#t[this.#length] = t;
    this.#v[this.#length] = v;
    this.#length += 1;
  }

  #grow(needed: number): void {
    const capacity = Math.max(needed, this.#t.length * 2);
    const wider = (column: Float64Array) => {
      const grown = new Float64Array(capacity);
      grown.set(column);
      return grown;
    };
    this.#t = wider(this.#t);
    this.#v = wider(this.#v);
    if (this.#record) {
      const { count, min, max, sum } = this.#record;
      this.#record = { count: wider(count), min: wider(min), max: wider(max), sum: wider(sum) };
    }
  }

  /** Splits into ascending runs in order of arrival and lays each over the ones before. */
  #sort(): void {
    const n = this.#length;
    const order = new Uint32Array(n).map((_, i) => i).sort((a, b) => (this.#t[a] as number) - (this.#t[b] as number) || a - b);
    const kept: number[] = [];
    for (let k = 0; k < n; k++) {
      const isLast = k === n - 1 || this.#t[order[k] as number] !== this.#t[order[k + 1] as number];
      if (isLast) kept.push(order[k] as number);
    }
    const pick = (column: Float64Array) => {
      const out = new Float64Array(Math.max(16, kept.length));
      for (const [k, from] of kept.entries()) out[k] = column[from] as number;
      return out;
    };
    const record = this.#record;
    this.#t = pick(this.#t);
    this.#v = pick(this.#v);
    if (record) this.#record = { count: pick(record.count), min: pick(record.min), max: pick(record.max), sum: pick(record.sum) };
    this.#length = kept.length;
    this.#ascending = true;
  }
}

/** What is pending laid over what is sealed. */
export function overlay(sealed: Points | null, pending: Pending | undefined): Points | null {
  if (!pending) return sealed;
  return sealed ? mergePoints(sealed, pending.points()) : pending.points();
}
