import type Database from 'better-sqlite3';
import { chunkMs } from './schema.ts';
import type { Sealed } from './sealed.ts';

/** One call's deletion: points that have gone, and series whose chunks still have some. */
export interface Removal {
  gone: number;
  left: number;
}

interface Job {
  id: number;
  series: number;
  /** What is before is done; ms. */
  start: number;
  stop: number;
  of: Removal;
}

/** Rewriting a chunk takes about as long as dropping so many. */
const cutCost = 10;

/**
 * Deletions of stretches. That points go is durable before the first of them does, together with what makes the log's account of them
 * void, so that a crash may come at any moment: whoever opens the file next goes on.
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
      cover: prepare('INSERT INTO removed VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET stop = max(stop, excluded.stop)'),
      covered: prepare('SELECT series, seq, start, stop FROM removed'),
      cutCovered: prepare('DELETE FROM removed WHERE seq < ?'),
      add: prepare('INSERT INTO removing (series, start, stop) VALUES (?, ?, ?)'),
      all: prepare('SELECT id, series, start, stop FROM removing ORDER BY id'),
      advance: prepare('UPDATE removing SET start = ? WHERE id = ?'),
      done: prepare('DELETE FROM removing WHERE id = ?'),
    };
    this.reload();
  }

  /** Deletions, by series, that are not done. */
  get left(): number {
    return this.#jobs.length;
  }

  /** Forgets what was noted within a transaction that failed. */
  reload(): void {
    const known = new Map(this.#jobs.map((job) => [job.id, job.of]));
    const rows = this.#sql.all.all() as Omit<Job, 'of'>[];
    this.#jobs = rows.map((row) => ({ ...row, of: known.get(row.id) ?? { gone: 0, left: 1 } }));
  }

  /** What the log says of a series up to write `seq` does not count in [from, to), ms. Wants a transaction around it. */
  coverLog(series: number, seq: number, from: number, to: number): void {
    this.#sql.cover.run(series, seq, from, to);
  }

  /** What was covered, by series. */
  fromLog(): Map<number, { series: number; seq: number; start: number; stop: number }[]> {
    return Map.groupBy(this.#sql.covered.all() as { series: number; seq: number; start: number; stop: number }[], ({ series }) => series);
  }

  /** The log begins at write `keep` now. */
  cutLog(keep: number): void {
    this.#sql.cutCovered.run(keep);
  }

  /** Notes that the chunks of a series lose what is in [from, to), ms. Wants a transaction around it. */
  begin(removal: Removal, series: number, from: number, to: number): void {
    const { lastInsertRowid } = this.#sql.add.run(series, from, to);
    this.#jobs.push({ id: Number(lastInsertRowid), series, start: from, stop: to, of: removal });
    removal.left += 1;
  }

  /** Goes on, in one transaction. @param limit hours dropped at most; one that is cut counts for ten */
  step(limit: number): void {
    if (this.#jobs.length === 0) return;
    const steps: { job: Job; next: number; gone: number }[] = [];
    this.#db.transaction(() => {
      let cost = 0;
      for (const job of this.#jobs) {
        if (cost >= limit) break;
        const { next, gone, spent } = this.#stepOf(job, limit - cost);
        if (next < job.stop) this.#sql.advance.run(next, job.id);
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
