import Database from 'better-sqlite3';
import { mergePoints, noPoints, type Points } from '#common/timeseries/points.ts';
import { Catalogue, describeSeries } from './catalogue.ts';
import { DamageLog } from './damage.ts';
import { decodeEntry, encodeEntry, type SeriesHour } from './entry.ts';
import { figuresOf, type StoreFigures } from './figures.ts';
import type { Header } from './headers.ts';
import { checkTimes, splitHours, within } from './hours.ts';
import { logRowFits, WriteLog } from './log.ts';
import { type Pending, PendingHours, without } from './pending.ts';
import { ChunkReads } from './reads.ts';
import { type Removal, Removals } from './removals.ts';
import { Restoring } from './restoring.ts';
import { chunkMs, endOfTime, prepareSchema } from './schema.ts';
import { Sealed } from './sealed.ts';
import type { Sliced } from './slices.ts';
import { PendingOver, Unstored } from './unstored.ts';
import { verify } from './verify.ts';
import { emptyWriteAheadLog } from './wal-damage.ts';
import { type AnyWrite, bySeries, partsOf, type SeriesName, type SeriesWrite } from './writes.ts';

interface OldHour {
  series: number;
  hour: number;
  /** Absent when all points of the hour are pending. */
  header: Header | undefined;
}

/** How long after its end an hour is sealed, ms, so that slightly late points are included. */
const grace = 60_000;
/** Maximum number of pending points; when it is exceeded, the oldest hours are sealed early. A point takes 16 bytes, a record 48. */
const maxPointsPending = 2_000_000;
/**
 * Maximum number of pending hours; when it is exceeded, hours that have ended are sealed with the write, not later. Each takes 2.5 KB
 * however few its points.
 */
const maxHoursPending = 50_000;
/** The log is truncated after this many bytes were added, or when hours are sealed. */
const cutAfterBytes = 4 * 1024 * 1024;

/**
 * Stores series in hourly chunks in one SQLite file. Synchronous: it runs in a worker. When `append` returns, the points are on disk and
 * visible to readers. The file has one writer and is locked.
 */
export class ChunkStore {
  readonly damage = new DamageLog();
  readonly catalogue: Catalogue;
  readonly reads: ChunkReads;
  readonly unstored: Unstored;
  /** Reads that include points refused by a full disk. */
  readonly readsWithUnstored: ChunkReads;
  readonly restoring: Restoring;
  readonly #db: Database.Database;
  readonly #now: () => number;
  readonly #sealed: Sealed;
  readonly #pending = new PendingHours();
  readonly #removals: Removals;
  readonly #log: WriteLog;
  /** Number of the last write. */
  #seq = 0;

  /** @throws Error when the file is in use, damaged beyond opening or written by a newer version */
  constructor(file: string, now: () => number = Date.now) {
    this.#now = now;
    this.#db = new Database(file, { timeout: 0 });
    try {
      // Pending points are in this process's memory, so there must not be a second writer.
      this.#db.pragma('locking_mode = EXCLUSIVE');
      this.#db.pragma('journal_mode = WAL');
      this.#db.pragma('synchronous = FULL');
      this.#db.pragma('wal_autocheckpoint = 4000');
      // Truncates the frames of earlier logs. Without them, damage can be distinguished from the end of the log: see `isWalDamaged`.
      this.#db.pragma('journal_size_limit = 0');
      this.#db.pragma('cache_size = -16000');
      verify(this.#db, file);
      emptyWriteAheadLog(this.#db);
      prepareSchema(this.#db);
      this.#log = new WriteLog(this.#db);
      this.catalogue = new Catalogue(this.#db);
      this.#sealed = new Sealed(this.#db, this.damage, (id) => describeSeries(this.catalogue.get(id), id));
      this.reads = new ChunkReads(this.#sealed, this.#pending);
      this.unstored = new Unstored(this.catalogue, now);
      this.readsWithUnstored = new ChunkReads(this.#sealed, new PendingOver(this.#pending, this.unstored.hours));
      this.#removals = new Removals(this.#db, this.#sealed);
      this.#initialise();
      this.#replay();
      this.#finishRemovals();
      this.restoring = new Restoring(this.#db, this.catalogue, this.#sealed, this.#removals, this.#log);
      this.restoring.noteDamage(file, this.damage);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /**
   * Stores points durably, all or none. @returns the number of each write's series, for later writes
   * @throws AppError validation_failed for a time out of range; SqliteError when the disk is full or fails
   */
  append(writes: readonly SeriesWrite[]): number[] {
    return this.appendAny(writes.map((write) => ({ series: write, points: write.points })));
  }

  /** Stores points of series given by name or number, durably, all or none. See `append`. */
  appendAny(writes: readonly AnyWrite[]): number[] {
    const closed = this.#now() - chunkMs;
    for (const { points } of writes) checkTimes(points);
    const seq = this.#seq + 1;
    let direct: SeriesHour[] = [];
    let logged: SeriesHour[] = [];
    let ids: number[] = [];
    try {
      this.#db.transaction(() => {
        const known = this.catalogue.size;
        ids = writes.map(({ series, points }) => this.#numberOf(series, points));
        if (this.catalogue.size > known) this.#log.setState('series', this.catalogue.size);
        ({ direct, logged } = partsOf(bySeries(ids, writes), closed));
        for (const { series, hour, points } of direct) {
          const before = this.reads.points(series, hour);
          this.#sealed.put(series, hour, before ? mergePoints(before, points) : points, seq);
        }
        this.#sealed.refreshDays(direct);
        if (logged.length > 0) {
          const entry = encodeEntry(logged);
          this.#log.add(seq, entry);
          // Log entries of the hours written now are no longer needed.
          if (this.#log.added > cutAfterBytes) this.#log.cut(this.#firstNeeded());
        } else if (direct.length > 0) this.#log.setState('seq', seq);
      })();
    } catch (error) {
      this.catalogue.reload();
      this.#log.reload();
      throw error;
    }
    this.#seq = seq;
    for (const { series, hour } of direct) this.#pending.forget(series, hour);
    for (const part of logged) this.#pending.add(part, seq);
    while (this.#pending.held > maxPointsPending && this.seal(100, true) > 0);
    while (this.#pending.size > maxHoursPending && this.seal(100) > 0);
    return ids;
  }

  /**
   * Moves up to `limit` hours that have ended from the log into chunks, oldest first. With `all`, also hours still open.
   * @returns the number of hours moved; fewer than `limit` when there are no more
   */
  seal(limit: number, all = false): number {
    const closed = this.#now() - chunkMs - grace;
    const now = new Set<Pending>();
    for (const pending of this.#pending.all) {
      if (now.size === limit) break;
      if (all || pending.hour <= closed) now.add(pending);
    }
    if (now.size === 0) return 0;
    const keep = this.#firstNeeded(now);
    this.#db.transaction(() => {
      for (const { series, hour } of now) {
        const points = this.reads.points(series, hour);
        if (points) this.#sealed.put(series, hour, points, this.#seq);
      }
      this.#sealed.refreshDays([...now]);
      this.#log.setState('seq', this.#seq);
      this.#log.setState('sealed_at', this.#now());
      this.#log.cut(keep);
    })();
    for (const { series, hour } of now) this.#pending.forget(series, hour);
    return now.size;
  }

  /**
   * Deletes points older than `before` (ms), of at most `limit` hours. The log is unchanged: its entries of deleted points are ignored when
   * it is replayed. @returns the number of points deleted; 0 when there are no more
   */
  expire(before: number, limit = 500): number {
    const { old, done } = this.#olderThan(before, limit);
    if (old.length === 0) return 0;
    let gone = 0;
    try {
      this.#db.transaction(() => {
        for (const [series, until] of done) this.#removals.cover(series, this.#seq, 0, until);
        for (const series of new Set(old.map(({ series }) => series))) this.catalogue.remember(series, this.reads.lastTime(series) ?? 0);
        for (const { series, hour, header } of old) {
          if (this.#pending.get(series, hour)) gone += within(this.reads.points(series, hour) ?? noPoints, 0, before).t.length;
          else if (header && header.to < before) gone += header.n;
          if (header && header.to < before) this.#sealed.drop(series, hour);
          else if (header && header.from < before) {
            const cut = this.#sealed.cut(series, hour, 0, before);
            // If the hour has pending points, both are counted together.
            if (!this.#pending.get(series, hour)) gone += cut;
          }
        }
        this.#sealed.refreshDays(old);
        for (const [series, until] of [...done, [0, before] as const]) this.restoring.forget(series, 0, until);
      })();
    } catch (error) {
      this.catalogue.reload();
      throw error;
    }
    for (const { series, hour } of old) this.#pending.cut(series, hour, 0, before);
    for (const [series, until] of [...done, [0, before] as const]) this.damage.forget(series, 0, until);
    return gone;
  }

  /**
   * Deletes the points of some series in [from, to), ms, about `limit` hours between two yields. From the first yield on, the deletion is
   * durable: if it is interrupted, opening the file completes it. @returns the number of points deleted
   */
  *remove(ids: readonly number[], from: number, to: number, limit?: number): Sliced<number> {
    if (from >= to) return 0;
    const removal = this.#beginRemoval(ids, Math.max(0, from), Math.min(to, endOfTime));
    while (removal.left > 0) {
      yield;
      this.removeMore(limit);
    }
    return removal.gone;
  }

  /** Continues unfinished deletions, by about `limit` hours. */
  removeMore(limit = 500): void {
    this.#removals.step(limit);
  }

  /** Counts what the store holds. */
  figures(): Sliced<StoreFigures> {
    return figuresOf(this.catalogue, this.#sealed, this.#pending, {
      logBytes: this.#log.bytes,
      compactedAt: this.#log.state('sealed_at'),
    });
  }

  close(): void {
    if (this.#db.open) this.#db.close();
  }

  /**
   * Returns the number of a series, creating it if needed; 0 for a new series without a point, which is not created. @throws Error for an
   * unknown number
   */
  #numberOf(series: SeriesName | number, { t }: Points): number {
    if (typeof series === 'number') {
      if (this.catalogue.get(series) === undefined) throw new Error(`There is no series ${series}.`);
      return series;
    }
    const at = t[0];
    return at === undefined ? 0 : this.catalogue.findOrCreate(series.kind, series.name, series.labels, series.unit, at).id;
  }

  /** Returns some hours with a point before that time, and the time before which each series is complete. */
  #olderThan(before: number, limit: number): { old: OldHour[]; done: Map<number, number> } {
    const old: OldHour[] = [];
    const done = new Map<number, number>();
    let cost = 0;
    for (const { id } of this.catalogue.all()) {
      const sealed = this.#sealed.headers.read(id, 0, before, limit).filter(({ from }) => from < before);
      const hours = new Map(sealed.map((header): [number, OldHour] => [header.start, { series: id, hour: header.start, header }]));
      const pending = this.#pending.within(id, 0, before, limit).filter(({ firstTime }) => firstTime < before);
      for (const { hour } of pending) if (!hours.has(hour)) hours.set(hour, { series: id, hour, header: undefined });
      for (const one of [...hours.values()].sort((a, b) => a.hour - b.hour)) {
        if (cost >= limit) return { old, done };
        // An hour that is only partly deleted is rewritten.
        cost += one.header && one.header.to >= before ? 10 : 1;
        old.push(one);
        done.set(id, Math.min(before, one.hour + chunkMs));
      }
      if (hours.size > 0 && sealed.length < limit && pending.length < limit) done.set(id, before);
    }
    return { old, done };
  }

  /** Deletes pending points, and stores that those in chunks must follow. */
  #beginRemoval(ids: readonly number[], from: number, to: number): Removal {
    const removal: Removal = { gone: 0, left: 0 };
    const hours: { series: number; hour: number }[] = [];
    try {
      this.#db.transaction(() => {
        for (const series of ids) {
          this.restoring.forget(series, from, to);
          const pending = this.#pending.hours(series, from, to);
          if (pending.length === 0 && this.#sealed.headers.read(series, from, to, 1).length === 0) continue;
          const lastAt = this.reads.lastTime(series);
          if (lastAt !== null) this.catalogue.remember(series, lastAt);
          this.#removals.cover(series, this.#seq, from, to);
          for (const hour of pending) {
            // Points that are also in the chunk are counted when they are deleted there.
            const all = within(this.reads.points(series, hour) ?? noPoints, from, to).t.length;
            removal.gone += all - within(this.#sealed.points(series, hour) ?? noPoints, from, to).t.length;
            hours.push({ series, hour });
          }
          this.#removals.begin(removal, series, from, to);
        }
      })();
    } catch (error) {
      this.#removals.reload();
      this.catalogue.reload();
      throw error;
    }
    for (const { series, hour } of hours) this.#pending.cut(series, hour, from, to);
    for (const series of ids) this.damage.forget(series, from, to);
    return removal;
  }

  /** Completes the deletions that a crash interrupted. */
  #finishRemovals(): void {
    try {
      while (this.#removals.left > 0) this.removeMore();
    } catch (error) {
      // Opening with points that should be deleted is better than not opening; the deletion is retried every second.
      this.damage.add('points deleted in part', error);
    }
  }

  /** Sets the state that a new file, or one of an earlier format, lacks. */
  #initialise(): void {
    if (this.#log.state('logged') !== null) return;
    this.#db.transaction(() => {
      this.#log.setState('logged', this.#log.last);
      this.#log.setState('log_from', this.#log.first);
      this.#log.setState('series', this.catalogue.size);
    })();
  }

  #replay(): void {
    this.#seq = Math.max(this.#log.last, this.#log.state('seq') ?? 0);
    const removed = this.#removals.covered();
    for (const row of this.#log.rows()) {
      const { seq, data } = row;
      try {
        if (!logRowFits(row)) throw new Error('The checksum does not fit.');
        for (const { series, points } of decodeEntry(data)) {
          const remaining = (removed.get(series) ?? []).reduce(
            (left, { seq: upTo, start, stop }) => (upTo >= seq ? without(left, start, stop) : left),
            points,
          );
          for (const { hour, points: part } of splitHours(remaining)) {
            if ((this.#sealed.seq(series, hour) ?? 0) < seq) this.#pending.add({ series, hour, points: part }, seq);
          }
        }
      } catch (error) {
        this.damage.add(`points written but not sealed yet (write ${seq})`, error);
      }
    }
  }

  /** Returns the first log entry with a point that is in no chunk, ignoring the hours in `moved`. */
  #firstNeeded(moved?: ReadonlySet<Pending>): number {
    for (const pending of this.#pending.all) if (!moved?.has(pending)) return pending.since;
    return this.#seq + 1;
  }
}
