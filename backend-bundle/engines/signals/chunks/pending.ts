import {
  concatPoints,
  mergePoints,
  type Points,
  type RecordColumns,
  recordOf,
  slicePoints,
  sortPoints,
} from '#common/timeseries/points.ts';
import type { Part } from './entry.ts';
import { within } from './hours.ts';
import { touches } from './schema.ts';

/** Points of one series and hour that are acknowledged but not in a chunk yet. Grows by appending; sorts itself when read. */
export class Pending {
  /** First log entry that a point in here came from: the log must be kept from there on. */
  readonly since: number;
  #columns: Points = { t: new Float64Array(16), v: new Float64Array(16) };
  #length = 0;
  #ascending = true;

  constructor(since: number) {
    this.since = since;
  }

  /** Points held, those that a later one replaces included. */
  get length(): number {
    return this.#length;
  }

  /** @param points ascending */
  add(points: Points): void {
    const n = points.t.length;
    if (n === 0) return;
    this.#room(n);
    if (n === 1 && !points.record && !this.#columns.record) {
      // As live points come: for one, copying by loop or `set` takes longer than all the rest.
      this.#addOne(points.t[0] as number, points.v[0] as number);
      return;
    }
    if (this.#length > 0 && (points.t[0] as number) <= (this.#columns.t[this.#length - 1] as number)) this.#ascending = false;
    this.#columns.t.set(points.t, this.#length);
    this.#columns.v.set(points.v, this.#length);
    if (points.record && !this.#columns.record) {
      const { count, min, max, sum } = recordOf(this.#columns);
      this.#columns.record = { count, min: min.slice(), max: max.slice(), sum: sum.slice() };
    }
    if (this.#columns.record) {
      const added = recordOf(points);
      for (const name of ['count', 'min', 'max', 'sum'] as const) this.#columns.record[name].set(added[name], this.#length);
    }
    this.#length += n;
  }

  #addOne(t: number, v: number): void {
    const at = this.#length++;
    this.#ascending &&= at === 0 || t > (this.#columns.t[at - 1] as number);
    this.#columns.t[at] = t;
    this.#columns.v[at] = v;
  }

  /** All points, ascending, the last written of each time. Shares memory: valid until the next `add`. */
  points(): Points {
    const points = slicePoints(this.#columns, 0, this.#length);
    if (this.#ascending) return points;
    const sorted = sortPoints(points);
    this.#columns = sorted;
    this.#length = sorted.t.length;
    this.#ascending = true;
    return sorted;
  }

  /** Leaves out what is in [from, to), ms. */
  cut(from: number, to: number): void {
    this.#columns = without(this.points(), from, to);
    this.#length = this.#columns.t.length;
  }

  #room(more: number): void {
    const { t, v, record } = this.#columns;
    if (this.#length + more <= t.length) return;
    const capacity = Math.max(this.#length + more, t.length * 2);
    const wider = (column: Float64Array) => {
      const grown = new Float64Array(capacity);
      grown.set(column);
      return grown;
    };
    this.#columns = { t: wider(t), v: wider(v) };
    if (record) {
      const grown: RecordColumns = { count: wider(record.count), min: wider(record.min), max: wider(record.max), sum: wider(record.sum) };
      this.#columns.record = grown;
    }
  }
}

/** Points that are not in [from, to), ms. */
export function without(points: Points, from: number, to: number): Points {
  const parts = [within(points, -Infinity, from), within(points, to, Infinity)].filter(({ t }) => t.length > 0);
  return parts.length === 0 ? slicePoints(points, 0, 0) : concatPoints(parts);
}

/** What is pending laid over what is sealed. */
export function overlay(sealed: Points | null, pending: Pending | undefined): Points | null {
  if (!pending) return sealed;
  return sealed ? mergePoints(sealed, pending.points()) : pending.points();
}

/** Every hour that has points pending. */
export class PendingHours {
  readonly #series = new Map<number, Map<number, Pending>>();
  #held = 0;

  /** Points held in memory. */
  get held(): number {
    return this.#held;
  }

  /** @param seq the log entry it is in */
  add({ series, hour, points }: Part, seq: number): void {
    let hours = this.#series.get(series);
    if (hours === undefined) {
      hours = new Map();
      this.#series.set(series, hours);
    }
    let pending = hours.get(hour);
    if (pending === undefined) {
      pending = new Pending(seq);
      hours.set(hour, pending);
    }
    pending.add(points);
    this.#held += points.t.length;
  }

  get(series: number, hour: number): Pending | undefined {
    return this.#series.get(series)?.get(hour);
  }

  forget(series: number, hour: number): void {
    const pending = this.get(series, hour);
    if (!pending) return;
    this.#held -= pending.length;
    this.#drop(series, hour);
  }

  isOlder(series: number, hour: number, before: number): boolean {
    const first = this.get(series, hour)?.points().t[0];
    return first !== undefined && first < before;
  }

  /** Leaves out what is in [from, to), ms. */
  cut(series: number, hour: number, from: number, to: number): void {
    const pending = this.get(series, hour);
    if (!pending) return;
    const held = pending.length;
    pending.cut(from, to);
    if (pending.length === 0) this.#drop(series, hour);
    this.#held -= held - pending.length;
  }

  /** Starts of the hours that touch [from, to), in no order. */
  hours(series: number, from: number, to: number): number[] {
    const hours = this.#series.get(series);
    return hours ? [...hours.keys()].filter((hour) => touches(hour, from, to)) : [];
  }

  firstTime(series: number): number | null {
    const hours = this.#series.get(series);
    return hours
      ? (hours
          .get(Math.min(...hours.keys()))
          ?.points()
          .t.at(0) ?? null)
      : null;
  }

  lastTime(series: number): number | null {
    const hours = this.#series.get(series);
    return hours
      ? (hours
          .get(Math.max(...hours.keys()))
          ?.points()
          .t.at(-1) ?? null)
      : null;
  }

  #drop(series: number, hour: number): void {
    const hours = this.#series.get(series);
    hours?.delete(hour);
    if (hours?.size === 0) this.#series.delete(series);
  }

  *all(): Generator<{ series: number; hour: number; pending: Pending }> {
    for (const [series, hours] of this.#series) for (const [hour, pending] of hours) yield { series, hour, pending };
  }
}
