import type Database from 'better-sqlite3';
import { type Labels, labelsKey } from '#common/contract/primitives.ts';

export interface Series {
  id: number;
  kind: 'signal' | 'metric';
  /** Code of the loader, or name of the metric. */
  name: string;
  key: string;
  labels: Labels;
  unit: string;
  /** Time (ms) of a point it has had; what is older may be gone. */
  lastAt: number;
}

/** The series of one file, all in memory, in order of kind, name and labels. */
export class Catalogue {
  readonly #groups = new Map<string, Map<string, Series>>();
  readonly #byId = new Map<number, Series>();
  /** The group that was asked for last: writes of one metric or loader follow one another. */
  #last: { kind: string; name: string; group: Map<string, Series> } | undefined;
  /** Answers of `named`, until a series is added. */
  readonly #sorted = new Map<string, Series[]>();
  readonly #sql;

  constructor(db: Database.Database) {
    this.#sql = {
      all: db.prepare(
        'SELECT id, kind, name, series_key AS key, labels, unit, last_at AS lastAt FROM series ORDER BY kind, name, series_key',
      ),
      add: db.prepare('INSERT INTO series (kind, name, series_key, labels, unit, last_at) VALUES (?, ?, ?, ?, ?, ?)'),
      setUnit: db.prepare('UPDATE series SET unit = ? WHERE id = ?'),
      setLastAt: db.prepare('UPDATE series SET last_at = ? WHERE id = ?'),
    };
    this.reload();
  }

  /** Forgets what was noted within a transaction that failed. */
  reload(): void {
    this.#groups.clear();
    this.#last = undefined;
    this.#byId.clear();
    this.#sorted.clear();
    for (const row of this.#sql.all.all() as (Omit<Series, 'labels'> & { labels: string })[])
      this.#note({ ...row, labels: JSON.parse(row.labels) as Labels });
  }

  /** The series with these labels, made on first sight; a unit that is told later is taken over. @param at time of one of its points, ms */
  find(kind: Series['kind'], name: string, labels: Labels, unit: string, at: number): Series {
    const key = labelsKey(labels);
    const known = this.#group(kind, name)?.get(key);
    if (known) {
      if (unit !== '' && unit !== known.unit) {
        this.#sql.setUnit.run(unit, known.id);
        known.unit = unit;
      }
      return known;
    }
    const { lastInsertRowid } = this.#sql.add.run(kind, name, key, JSON.stringify(labels), unit, at);
    const made: Series = { id: Number(lastInsertRowid), kind, name, key, labels, unit, lastAt: at };
    this.#note(made);
    return made;
  }

  #group(kind: string, name: string): Map<string, Series> | undefined {
    if (this.#last?.name === name && this.#last.kind === kind) return this.#last.group;
    const group = this.#groups.get(`${kind}/${name}`);
    if (group) this.#last = { kind, name, group };
    return group;
  }

  get(id: number): Series | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Series> {
    return this.#byId.values();
  }

  /** In order of their labels. */
  named(kind: Series['kind'], name: string): readonly Series[] {
    const group = `${kind}/${name}`;
    const known = this.#sorted.get(group);
    if (known) return known;
    const list = sorted(this.#groups.get(group)?.values() ?? []);
    // Only of what exists: anyone may ask for any name.
    if (list.length > 0) this.#sorted.set(group, list);
    return list;
  }

  /** In order of name and labels. */
  ofKind(kind: Series['kind']): Series[] {
    return sorted([...this.#byId.values()].filter((series) => series.kind === kind));
  }

  /** Remembers its newest point for when its points are gone. */
  remember(id: number, lastAt: number): void {
    const series = this.#byId.get(id);
    if (!series || series.lastAt === lastAt) return;
    this.#sql.setLastAt.run(lastAt, id);
    series.lastAt = lastAt;
  }

  #note(series: Series): void {
    const group = this.#groups.get(`${series.kind}/${series.name}`) ?? new Map<string, Series>();
    this.#groups.set(`${series.kind}/${series.name}`, group);
    group.set(series.key, series);
    this.#sorted.delete(`${series.kind}/${series.name}`);
    this.#byId.set(series.id, series);
  }
}

function sorted(series: Iterable<Series>): Series[] {
  return [...series].sort((a, b) => (a.name === b.name ? (a.key < b.key ? -1 : 1) : a.name < b.name ? -1 : 1));
}
