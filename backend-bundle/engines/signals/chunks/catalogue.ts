import type Database from 'better-sqlite3';
import { type Labels, labelsKey } from '#common/contract/primitives.ts';
import { DamagedFileError, rowCrc } from './row-crc.ts';

export interface CatalogueSeries {
  id: number;
  kind: 'signal' | 'metric';
  /** Code of the loader, or name of the metric. */
  name: string;
  key: string;
  labels: Labels;
  unit: string;
  /** Time (ms) of the newest point known to have existed, which may have been deleted since. */
  lastAt: number;
}

/** The series of one file, held in memory. */
export class Catalogue {
  readonly #groups = new Map<string, Map<string, CatalogueSeries>>();
  readonly #byId = new Map<number, CatalogueSeries>();
  /** The last group that was looked up: writes of one metric or loader often follow each other. */
  #last: { kind: string; name: string; group: Map<string, CatalogueSeries> } | undefined;
  /** Cached results of `named`, cleared when a series is added. */
  readonly #sorted = new Map<string, CatalogueSeries[]>();
  readonly #sql;

  constructor(db: Database.Database) {
    this.#sql = {
      // Reads the table, not its index: a damaged index may lack rows.
      all: db.prepare('SELECT id, kind, name, series_key AS key, labels, unit, last_at AS lastAt, crc FROM series NOT INDEXED ORDER BY id'),
      nextId: db.prepare('SELECT coalesce(max(id), 0) + 1 FROM series').pluck(),
      put: ['series', 'series_copy'].map((table) =>
        db.prepare(
          `INSERT INTO ${table} (id, kind, name, series_key, labels, unit, last_at, crc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET unit = excluded.unit, last_at = excluded.last_at, crc = excluded.crc`,
        ),
      ),
    };
    this.reload();
  }

  /** Reloads the state from the file after a transaction has failed. */
  reload(): void {
    this.#groups.clear();
    this.#last = undefined;
    this.#byId.clear();
    this.#sorted.clear();
    for (const { crc, ...row } of this.#sql.all.all() as (Omit<CatalogueSeries, 'labels'> & { labels: string; crc: number })[]) {
      if (seriesCrc(row) !== crc) throw new DamagedFileError(`Series ${row.id} is damaged: its checksum does not fit.`);
      this.#note({ ...row, labels: JSON.parse(row.labels) as Labels });
    }
  }

  /**
   * Returns the series with these labels, creating it if needed; a different unit replaces the stored one. @param at time of one of its
   * points, ms
   */
  findOrCreate(kind: CatalogueSeries['kind'], name: string, labels: Labels, unit: string, at: number): CatalogueSeries {
    const key = labelsKey(labels);
    const known = this.#group(kind, name)?.get(key);
    if (known) {
      if (unit !== '' && unit !== known.unit) {
        this.#put({ ...known, unit });
        known.unit = unit;
      }
      return known;
    }
    const made: CatalogueSeries = { id: this.#sql.nextId.get() as number, kind, name, key, labels, unit, lastAt: at };
    this.#put(made);
    this.#note(made);
    return made;
  }

  #group(kind: string, name: string): Map<string, CatalogueSeries> | undefined {
    if (this.#last?.name === name && this.#last.kind === kind) return this.#last.group;
    const group = this.#groups.get(`${kind}/${name}`);
    if (group) this.#last = { kind, name, group };
    return group;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: number): CatalogueSeries | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<CatalogueSeries> {
    return this.#byId.values();
  }

  /** Returns the series of one name, in order of their labels. */
  named(kind: CatalogueSeries['kind'], name: string): readonly CatalogueSeries[] {
    const group = `${kind}/${name}`;
    const known = this.#sorted.get(group);
    if (known) return known;
    const list = sorted(this.#groups.get(group)?.values() ?? []);
    // Only existing names are cached, because callers may ask for any name.
    if (list.length > 0) this.#sorted.set(group, list);
    return list;
  }

  /** Returns the series of one kind, in order of name and labels. */
  ofKind(kind: CatalogueSeries['kind']): CatalogueSeries[] {
    return sorted([...this.#byId.values()].filter((series) => series.kind === kind));
  }

  /** Stores the time of the newest point before the points are deleted. */
  remember(id: number, lastAt: number): void {
    const series = this.#byId.get(id);
    if (!series || series.lastAt === lastAt) return;
    this.#put({ ...series, lastAt });
    series.lastAt = lastAt;
  }

  /** Restores a series from a damaged file under its old number. */
  restore(series: CatalogueSeries): void {
    this.#put(series);
    this.#note(series);
  }

  #put({ labels, ...series }: CatalogueSeries): void {
    const row = { ...series, labels: JSON.stringify(labels) };
    const { id, kind, name, key, unit, lastAt } = row;
    for (const statement of this.#sql.put) statement.run(id, kind, name, key, row.labels, unit, lastAt, seriesCrc(row));
  }

  #note(series: CatalogueSeries): void {
    const group = this.#groups.get(`${series.kind}/${series.name}`) ?? new Map<string, CatalogueSeries>();
    this.#groups.set(`${series.kind}/${series.name}`, group);
    group.set(series.key, series);
    this.#sorted.delete(`${series.kind}/${series.name}`);
    this.#byId.set(series.id, series);
  }
}

/** Returns the checksum of a series as it is stored. @param row its labels as JSON */
export function seriesCrc({ id, kind, name, key, labels, unit, lastAt }: Omit<CatalogueSeries, 'labels'> & { labels: string }): number {
  return rowCrc('series', [id, lastAt], JSON.stringify([kind, name, key, labels, unit]));
}

/** Describes a series for messages; by its number when it is unknown. */
export function describeSeries(series: CatalogueSeries | undefined, id: number): string {
  if (!series) return `series ${id}`;
  const labels = Object.entries(series.labels).map(([name, value]) => `${name}=${value}`);
  return `${series.kind} ${series.name}{${labels.join(',')}}`;
}

function sorted(series: Iterable<CatalogueSeries>): CatalogueSeries[] {
  return [...series].sort((a, b) => (a.name === b.name ? (a.key < b.key ? -1 : 1) : a.name < b.name ? -1 : 1));
}
