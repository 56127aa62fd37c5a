import type Database from 'better-sqlite3';
import { DamagedFileError, rowCrc } from './row-crc.ts';
import { chunkMs } from './schema.ts';
import type { Sealed } from './sealed.ts';

/** The progress of one deletion: points deleted so far, and series whose chunks still have some. */
export interface Removal {
  gone: number;
  left: number;
}

/** Points of a series from writes up to `seq` are deleted in [start, stop), ms. */
export interface Covered {
  series: number;
  seq: number;
  start: number;
  stop: number;
}

interface Job {
  id: number;
  series: number;
  /** Everything before this time is done; ms. */
  start: number;
  stop: number;
  of: Removal;
}

const jobCrc = ({ id, series, start, stop }: Omit<Job, 'of'>) => rowCrc('removing', [id, series, start, stop]);

/** Rewriting a chunk takes about as long as deleting this many. */
const cutCost = 10;

/**
 * Deletions of intervals. A deletion is stored before the first point is deleted, together with the marker that makes log entries of those
 * points void. So the next process to open the file can complete it after a crash at any moment.
 */
export class Removals {
  readonly #db: Database.Database;
  readonly #sealed: Sealed;
  #jobs: Job[] = [];
  readonly #sql;

  constructor(db: Database.Database, sealed: Sealed) {
    this.#db = db;
    this.#sealed = sealed;
    const prepare = (text: string) => db.prepare(text);
    this.#sql = {
      cover: prepare('INSERT INTO removed (series, seq, start, stop, crc) VALUES (?, ?, ?, ?, ?)'),
      covered: prepare('SELECT series, seq, start, stop, crc FROM removed'),
      dropWithin: prepare('DELETE FROM removed WHERE series = ? AND start >= ? AND stop <= ?'),
      stopOf: prepare('SELECT stop FROM removed WHERE series = ? AND seq = ? AND start = ?').pluck(),
      dropSame: prepare('DELETE FROM removed WHERE series = ? AND seq = ? AND start = ?'),
      nextId: prepare('SELECT coalesce(max(id), 0) + 1 FROM removing').pluck(),
      put: prepare('INSERT OR REPLACE INTO removing (id, series, start, stop, crc) VALUES (?, ?, ?, ?, ?)'),
      all: prepare('SELECT id, series, start, stop, crc FROM removing ORDER BY id'),
      done: prepare('DELETE FROM removing WHERE id = ?'),
    };
    this.reload();
  }

  /** Returns the unfinished deletions, by series. */
  get left(): number {
    return this.#jobs.length;
  }

  /** Reloads the state from the file after a transaction has failed. */
  reload(): void {
    const known = new Map(this.#jobs.map((job) => [job.id, job.of]));
    const rows = this.#sql.all.all() as (Omit<Job, 'of'> & { crc: number })[];
    this.#jobs = rows.map(({ crc, ...row }) => {
      if (jobCrc(row) !== crc) throw new DamagedFileError('A deletion under way is damaged: its checksum does not fit.');
      return { ...row, of: known.get(row.id) ?? { gone: 0, left: 1 } };
    });
  }

  /**
   * Stores that points of a series from writes up to `seq` are deleted in [from, to), ms. They are then ignored when the log is replayed
   * and when a damaged file, which may still contain them, is salvaged. Must run in a transaction.
   */
  cover(series: number, seq: number, from: number, to: number): void {
    const known = (this.#sql.stopOf.get(series, seq, from) as number | undefined) ?? to;
    const stop = Math.max(known, to);
    this.#sql.dropWithin.run(series, from, stop);
    this.#sql.dropSame.run(series, seq, from);
    this.#sql.cover.run(series, seq, from, stop, rowCrc('removed', [series, seq, from, stop]));
  }

  /** Returns the covered intervals, by series. @throws DamagedFileError */
  covered(): Map<number, Covered[]> {
    const rows = this.#sql.covered.all() as (Covered & { crc: number })[];
    for (const { series, seq, start, stop, crc } of rows) {
      if (rowCrc('removed', [series, seq, start, stop]) !== crc)
        throw new DamagedFileError('The list of deletions is damaged: its checksum does not fit.');
    }
    return Map.groupBy(rows, ({ series }) => series);
  }

  /** Stores that the points in [from, to), ms, are to be deleted from the chunks of a series. Must run in a transaction. */
  begin(removal: Removal, series: number, from: number, to: number): void {
    const job: Job = { id: this.#sql.nextId.get() as number, series, start: from, stop: to, of: removal };
    this.#sql.put.run(job.id, series, from, to, jobCrc(job));
    this.#jobs.push(job);
    removal.left += 1;
  }

  /**
   * Continues the deletions, in one transaction. @param limit maximum number of hours to delete; an hour that is rewritten counts as ten
   */
  step(limit: number): void {
    if (this.#jobs.length === 0) return;
    const steps: { job: Job; next: number; gone: number }[] = [];
    this.#db.transaction(() => {
      let cost = 0;
      for (const job of this.#jobs) {
        if (cost >= limit) break;
        const { next, gone, spent } = this.#stepOf(job, limit - cost);
        if (next < job.stop) this.#sql.put.run(job.id, job.series, next, job.stop, jobCrc({ ...job, start: next }));
        else this.#sql.done.run(job.id);
        cost += spent;
        steps.push({ job, next, gone });
      }
    })();
    for (const { job, next, gone } of steps) {
      job.start = next;
      job.of.gone += gone;
      if (next >= job.stop) job.of.left -= 1;
    }
    this.#jobs = this.#jobs.filter(({ start, stop }) => start < stop);
  }

  #stepOf({ series, start, stop }: Job, limit: number): { next: number; gone: number; spent: number } {
    const headers = this.#sealed.headers.read(series, start, stop, limit);
    const touched: { series: number; hour: number }[] = [];
    const last = headers.length < limit ? undefined : headers.at(-1);
    let next = last === undefined ? stop : last.start + chunkMs;
    let gone = 0;
    let spent = 1;
    for (const { start: hour, from, to, n } of headers) {
      if (spent > limit) {
        next = hour;
        break;
      }
      if (to < start || from >= stop) continue;
      touched.push({ series, hour });
      if (from >= start && to < stop) {
        this.#sealed.drop(series, hour);
        gone += n;
        spent += 1;
      } else {
        gone += this.#sealed.cut(series, hour, start, stop);
        spent += cutCost;
      }
    }
    this.#sealed.refreshDays(touched);
    return { next: Math.min(next, stop), gone, spent };
  }
}
