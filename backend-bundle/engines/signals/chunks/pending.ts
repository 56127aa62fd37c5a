import {
  concatPoints,
  mergePoints,
  noPoints,
  type Points,
  type RecordColumns,
  recordOf,
  slicePoints,
  sortPoints,
} from '#common/timeseries/points.ts';
import type { SeriesHour } from './entry.ts';
import { HourMap } from './hour-map.ts';
import { within } from './hours.ts';
import { chunkMs } from './schema.ts';

/** Points of one series and hour that are acknowledged but not in a chunk yet. Grows by appending; sorts itself when read. */
export class Pending {
  readonly series: number;
  /** Start of the hour, epoch ms. */
  readonly hour: number;
  /** The oldest log entry with a point of this hour: the log must be kept from there on. */
  readonly since: number;
  /** Starts as small as the first write: there may be a hundred thousand hours with one record each. */
  #columns: Points = noPoints;
  #length = 0;
  #ascending = true;
  /** Number of points included in the total of {@link PendingHours}. Sorting removes replaced points without updating that total. */
  counted = 0;

  constructor(series: number, hour: number, since: number) {
    this.series = series;
    this.hour = hour;
    this.since = since;
  }

  /** Returns the number of points, including those that a later one replaces. */
  get length(): number {
    return this.#length;
  }

  /** @param points ascending */
  add(points: Points): void {
    const n = points.t.length;
    if (n === 0) return;
    this.#room(n);
    if (n === 1 && !points.record && !this.#columns.record) {
      // Live points come one at a time; for a single point, a copy by loop or `set` would cost more than everything else.
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

  /** Returns all points, ascending, the last one written for each time. Shares memory: valid until the next `add`. */
  points(): Points {
    const points = slicePoints(this.#columns, 0, this.#length);
    if (this.#ascending) return points;
    const sorted = sortPoints(points);
    this.#columns = sorted;
    this.#length = sorted.t.length;
    this.#ascending = true;
    return sorted;
  }

  /** Returns the time of the oldest point, ms. */
  get firstTime(): number {
    return this.points().t[0] as number;
  }

  /** Returns the time of the newest point, ms. */
  get lastTime(): number {
    return this.points().t.at(-1) as number;
  }

  /** Removes the points in [from, to), ms. */
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

/** Returns the points that are not in [from, to), ms. */
export function without(points: Points, from: number, to: number): Points {
  const parts = [within(points, -Infinity, from), within(points, to, Infinity)].filter(({ t }) => t.length > 0);
  return parts.length === 0 ? slicePoints(points, 0, 0) : concatPoints(parts);
}

/** Merges pending points over sealed ones. */
export function overlay(sealed: Points | null, pending: Pick<Pending, 'points'> | undefined): Points | null {
  if (!pending) return sealed;
  return sealed ? mergePoints(sealed, pending.points()) : pending.points();
}

/** The read methods of {@link PendingHours}. */
export interface PendingReads extends Pick<PendingHours, 'hours' | 'count' | 'firstTime' | 'lastTime'> {
  get(series: number, hour: number): Pick<Pending, 'points'> | undefined;
}

/** All hours with pending points. */
export class PendingHours {
  readonly #series = new Map<number, HourMap<Pending>>();
  /** In order of insertion, which is the order of `since`. */
  readonly #all = new Set<Pending>();
  #held = 0;

  /** Returns the number of points in memory. */
  get held(): number {
    return this.#held;
  }

  /** Returns the number of hours with pending points. */
  get size(): number {
    return this.#all.size;
  }

  /** Returns the hours in order of the oldest log entry that each needs. */
  get all(): Iterable<Pending> {
    return this.#all;
  }

  /** @param seq number of the log entry */
  add({ series, hour, points }: SeriesHour, seq: number): void {
    let hours = this.#series.get(series);
    if (hours === undefined) {
      hours = new HourMap();
      this.#series.set(series, hours);
    }
    let pending = hours.get(hour);
    if (pending === undefined) {
      pending = new Pending(series, hour, seq);
      hours.set(hour, pending);
      this.#all.add(pending);
    }
    pending.add(points);
    this.#count(pending, pending.length);
  }

  /** Removes replaced points, so that they are not counted. */
  settle(series: number, hour: number): void {
    const pending = this.get(series, hour);
    if (pending) this.#count(pending, pending.points().t.length);
  }

  get(series: number, hour: number): Pending | undefined {
    return this.#series.get(series)?.get(hour);
  }

  forget(series: number, hour: number): void {
    const pending = this.get(series, hour);
    if (!pending) return;
    this.#count(pending, 0);
    this.#drop(pending);
  }

  /** Removes the points in [from, to), ms. */
  cut(series: number, hour: number, from: number, to: number): void {
    const pending = this.get(series, hour);
    if (!pending) return;
    pending.cut(from, to);
    this.#count(pending, pending.length);
    if (pending.length === 0) this.#drop(pending);
  }

  /** Returns the hours that overlap [from, to), oldest first, at most `limit`. */
  within(series: number, from: number, to: number, limit?: number): Pending[] {
    // Hours that start up to an hour before `from` overlap the range.
    const hours = this.#series.get(series)?.within(from - chunkMs + 1, to, limit) ?? [];
    return hours.map(([, pending]) => pending);
  }

  /** Returns the starts of the hours that overlap [from, to), oldest first. */
  hours(series: number, from: number, to: number): number[] {
    return this.within(series, from, to).map(({ hour }) => hour);
  }

  /** Returns the number of points in the hours that overlap [from, to). */
  count(series: number, from: number, to: number): number {
    return this.within(series, from, to).reduce((sum, { length }) => sum + length, 0);
  }

  firstTime(series: number): number | null {
    return this.#series.get(series)?.first()?.firstTime ?? null;
  }

  lastTime(series: number): number | null {
    return this.#series.get(series)?.last()?.lastTime ?? null;
  }

  #count(pending: Pending, points: number): void {
    this.#held += points - pending.counted;
    pending.counted = points;
  }

  #drop(pending: Pending): void {
    const hours = this.#series.get(pending.series);
    hours?.delete(pending.hour);
    if (hours?.isEmpty) this.#series.delete(pending.series);
    this.#all.delete(pending);
  }
}
