import { labelsKey } from '#common/contract/primitives.ts';
import { minuteMs } from '#common/time/durations.ts';
import { concatPoints, mergePoints, type Points, sortPoints } from '#common/timeseries/points.ts';
import type { Catalogue, CatalogueSeries } from './catalogue.ts';
import { splitHours } from './hours.ts';
import { type Pending, PendingHours, type PendingReads } from './pending.ts';
import { type AnyWrite, bySeries, type SeriesName } from './writes.ts';

/** Maximum number of points: a record takes 48 bytes. When it is exceeded, every series keeps its newer half. */
const maxPoints = 200_000;
/** Maximum number of hours: 2.5 KB each, however few their points. When it is exceeded, the oldest are dropped. */
const maxHours = 20_000;
/** How long after the last refused write all points are dropped, ms: by then their senders have delivered them again. */
const heldForMs = 10 * minuteMs;

/**
 * The newest points that were refused because the disk is full, in memory only. Only rules read them. Their senders still have them,
 * because the write failed; a point that is stored after all is dropped here.
 */
export class Unstored {
  readonly hours = new PendingHours();
  readonly #catalogue: Catalogue;
  readonly #now: () => number;
  /** Series that could not be added to the catalogue, under negative numbers. */
  readonly #unknown = new Map<string, CatalogueSeries>();
  #refusedAt = -Infinity;
  #lastId = 0;

  constructor(catalogue: Catalogue, now: () => number) {
    this.#catalogue = catalogue;
    this.#now = now;
  }

  /** Returns the number of points. */
  get size(): number {
    if (this.hours.held > 0 && this.#now() - this.#refusedAt > heldForMs) this.#clear();
    return this.hours.held;
  }

  hold(writes: readonly AnyWrite[]): void {
    this.#refusedAt = this.#now();
    const used = writes.filter(({ points }) => points.t.length > 0);
    const ids = used.map(({ series, points }) => (typeof series === 'number' ? series : this.#numberOf(series, points)));
    for (const [series, parts] of bySeries(ids, used)) {
      for (const { hour, points } of splitHours(sortPoints(concatPoints(parts)))) {
        this.hours.add({ series, hour, points }, 0);
        // A point that is delivered again and again is kept once.
        this.hours.settle(series, hour);
      }
    }
    this.#trim();
  }

  /** Drops points that have been stored. */
  forget(ids: readonly number[], writes: readonly AnyWrite[]): void {
    if (this.size === 0) return;
    for (const [i, { series, points }] of writes.entries()) {
      const { from, to } = intervalOf(points);
      this.cut(ids[i] as number, from, to);
      if (typeof series === 'number') continue;
      const key = keyOf(series);
      const unknown = this.#unknown.get(key);
      if (unknown === undefined) continue;
      this.cut(unknown.id, -Infinity, Infinity);
      this.#unknown.delete(key);
    }
  }

  /** Drops the points of a series in [from, to), ms. */
  cut(series: number, from: number, to: number): void {
    for (const hour of this.hours.hours(series, from, to)) this.hours.cut(series, hour, from, to);
  }

  /** Returns series that have points here but are not in the catalogue. */
  named(kind: CatalogueSeries['kind'], name: string): CatalogueSeries[] {
    if (this.size === 0) return [];
    return [...this.#unknown.values()].filter((series) => series.kind === kind && series.name === name);
  }

  #numberOf(series: SeriesName, { t }: Points): number {
    const { kind, name, labels, unit } = series;
    const labelKey = labelsKey(labels);
    const known = this.#catalogue.named(kind, name).find(({ key }) => key === labelKey);
    if (known) return known.id;
    const key = keyOf(series);
    const unknown = this.#unknown.get(key);
    if (unknown) return unknown.id;
    this.#lastId -= 1;
    this.#unknown.set(key, { id: this.#lastId, kind, name, key: labelKey, labels, unit, lastAt: t.at(-1) as number });
    return this.#lastId;
  }

  #trim(): void {
    while (this.hours.held > maxPoints) {
      for (const pending of [...this.hours.all]) {
        const { t } = pending.points();
        if (t.length > 1) this.hours.cut(pending.series, pending.hour, -Infinity, t[t.length >> 1] as number);
      }
    }
    if (this.hours.size <= maxHours) return;
    const oldestFirst = [...this.hours.all].sort((a, b) => a.hour - b.hour);
    for (const { series, hour } of oldestFirst.slice(0, this.hours.size - maxHours)) this.hours.forget(series, hour);
    for (const [key, { id }] of this.#unknown) if (this.hours.lastTime(id) === null) this.#unknown.delete(key);
  }

  #clear(): void {
    for (const { series, hour } of [...this.hours.all]) this.hours.forget(series, hour);
    this.#unknown.clear();
  }
}

/** Pending points with other points merged over them. */
export class PendingOver implements PendingReads {
  readonly #below: PendingReads;
  readonly #above: PendingReads;

  constructor(below: PendingReads, above: PendingReads) {
    this.#below = below;
    this.#above = above;
  }

  get(series: number, hour: number): Pick<Pending, 'points'> | undefined {
    const [below, above] = [this.#below.get(series, hour), this.#above.get(series, hour)];
    if (below === undefined || above === undefined) return below ?? above;
    return { points: () => mergePoints(below.points(), above.points()) };
  }

  hours(series: number, from: number, to: number): number[] {
    const above = this.#above.hours(series, from, to);
    const below = this.#below.hours(series, from, to);
    return above.length === 0 ? below : [...new Set([...below, ...above])].sort((a, b) => a - b);
  }

  count(series: number, from: number, to: number): number {
    return this.#below.count(series, from, to) + this.#above.count(series, from, to);
  }

  firstTime(series: number): number | null {
    return ends(this.#below.firstTime(series), this.#above.firstTime(series), Math.min);
  }

  lastTime(series: number): number | null {
    return ends(this.#below.lastTime(series), this.#above.lastTime(series), Math.max);
  }
}

const ends = (a: number | null, b: number | null, choose: (a: number, b: number) => number) =>
  a === null || b === null ? (a ?? b) : choose(a, b);

const keyOf = ({ kind, name, labels }: SeriesName) => `${kind}/${name}/${labelsKey(labels)}`;

function intervalOf({ t }: Points): { from: number; to: number } {
  let [from, to] = [Infinity, -Infinity];
  for (const time of t) {
    from = Math.min(from, time);
    to = Math.max(to, time + 1);
  }
  return { from, to };
}
