import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import type { Points } from '#common/timeseries/points.ts';
import type { Catalogue } from './catalogue.ts';
import type { DamageLog } from './damage.ts';
import type { Found } from './found.ts';
import type { WriteLog } from './log.ts';
import type { Loss } from './losses.ts';
import type { Removals } from './removals.ts';
import type { Sealed } from './sealed.ts';

/** Marks the row with the name of the file that was set aside. */
const aside = -1;

/** Fills a new file with what was saved from a damaged one, and stores what was lost. */
export class Restoring {
  readonly #db: Database.Database;
  readonly #catalogue: Catalogue;
  readonly #sealed: Sealed;
  readonly #removals: Removals;
  readonly #log: WriteLog;
  readonly #sql;

  constructor(db: Database.Database, catalogue: Catalogue, sealed: Sealed, removals: Removals, log: WriteLog) {
    this.#db = db;
    this.#catalogue = catalogue;
    this.#sealed = sealed;
    this.#removals = removals;
    this.#log = log;
    const columns = 'series, start, stop, what, reason';
    this.#sql = {
      add: db.prepare(`INSERT INTO damaged (${columns}) VALUES (?, ?, ?, ?, ?)`),
      all: db.prepare('SELECT series, start AS "from", stop AS "to", what, reason FROM damaged ORDER BY id'),
      dropWithin: db.prepare('DELETE FROM damaged WHERE series = ? AND start >= ? AND stop <= ? AND stop > start'),
      dropAll: db.prepare('DELETE FROM damaged WHERE series = 0'),
      dropAside: db.prepare(`DELETE FROM damaged WHERE series = ${aside} AND what = ?`),
    };
  }

  begin({ series }: Found): void {
    this.#db.transaction(() => {
      for (const one of series.values()) this.#catalogue.restore(one);
    })();
  }

  hours(hours: readonly { series: number; hour: number; points: Points; seq: number }[]): void {
    this.#db.transaction(() => {
      for (const { series, hour, points, seq } of hours) this.#sealed.put(series, hour, points, seq);
      this.#sealed.refreshDays(hours);
    })();
  }

  finish({ log, removed, state, series }: Found, losses: readonly Loss[]): void {
    this.#db.transaction(() => {
      const begin = state.get('log_from') ?? 0;
      for (const { seq, data } of [...log.values()].sort((a, b) => a.seq - b.seq)) if (seq >= begin) this.#log.add(seq, data);
      for (const one of [...removed.values()].flat().sort((a, b) => a.seq - b.seq)) {
        if (series.has(one.series)) this.#removals.cover(one.series, one.seq, one.start, one.stop);
      }
      for (const key of ['seq', 'sealed_at', 'log_from'] as const) {
        const value = state.get(key);
        if (value !== undefined) this.#log.setState(key, value);
      }
      this.#log.setState('series', this.#catalogue.size);
      for (const { series, from, to, what, reason } of losses) this.#sql.add.run(series, from, to, what, reason);
    })();
  }

  /**
   * Adds to the damage log what this file lost when it was salvaged. The file that was set aside, and losses that may affect any series,
   * are reported until someone deletes that file.
   */
  noteDamage(file: string, damage: DamageLog): void {
    const losses = this.#sql.all.all() as Loss[];
    const asides = losses.filter(({ series }) => series === aside);
    const kept = asides.filter(({ what }) => existsSync(join(dirname(file), what)));
    if (kept.length < asides.length) {
      const gone = asides.filter((one) => !kept.includes(one));
      for (const { what } of gone) this.#sql.dropAside.run(what);
      if (kept.length === 0) this.#sql.dropAll.run();
    }
    for (const { what, reason } of kept) damage.setAside(what, reason);
    for (const { series, from, to, what, reason } of losses) {
      const isDismissed = series === aside || (series === 0 && kept.length === 0);
      if (!isDismissed) damage.add(what, new Error(reason), { series, from, to });
    }
  }

  /** Removes the losses in an interval after its points were deleted. Must run in a transaction. */
  forget(series: number, from: number, to: number): void {
    this.#sql.dropWithin.run(series, from, to);
  }
}
