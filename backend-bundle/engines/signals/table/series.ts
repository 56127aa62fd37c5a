import type { SeriesSelector } from '#common/contract/charts.ts';
import { type Labels, labelsKey, labels as labelsSchema } from '#common/contract/primitives.ts';
import type { Database } from '../../database/port.ts';
import { parseStored } from '../../database/stored-json.ts';

export interface TableSeries {
  id: number;
  labels: Labels;
  unit: string;
}

export interface NewSeries {
  kind: 'signal' | 'metric';
  /** Code of the loader, or name of the metric. */
  name: string;
  labels: Labels;
  unit: string;
  /** Time of a point that is about to be stored, ms. */
  at: number;
}

/** The existing series and their numbers. A series never changes its number, so cached numbers stay valid. */
export class SeriesCatalogue {
  #database: Database<'engines'>;
  #known = new Map<string, Omit<TableSeries, 'labels'>>();

  constructor(database: Database<'engines'>) {
    this.#database = database;
  }

  /** Returns the numbers of these series, creating missing ones. */
  async numbers(wanted: readonly NewSeries[]): Promise<number[]> {
    const keys = wanted.map((series) => keyOf(series.kind, series.name, labelsKey(series.labels)));
    const missing = wanted.filter((series, i) => {
      const known = this.#known.get(keys[i] ?? '');
      return known === undefined || (series.unit !== '' && series.unit !== known.unit);
    });
    if (missing.length > 0) await this.#create(missing);
    return keys.map((key) => {
      const found = this.#known.get(key);
      if (found === undefined) throw new Error(`series ${key} was not created`);
      return found.id;
    });
  }

  /** Returns the matching series, in order of their labels. */
  async matching(selector: SeriesSelector, query = this.#database.query): Promise<(TableSeries & { lastAt: number })[]> {
    const [kind, name] = selector.from === 'metric' ? (['metric', selector.name] as const) : (['signal', selector.loaderCode] as const);
    const labels =
      selector.from === 'metric' ? selector.labels : selector.segmentCode === undefined ? {} : { segment: selector.segmentCode };
    const found = await this.all(kind, name, query);
    return found.filter((series) => Object.entries(labels).every(([label, value]) => series.labels[label] === value));
  }

  async all(
    kind: NewSeries['kind'],
    name?: string,
    query = this.#database.query,
  ): Promise<(TableSeries & { name: string; lastAt: number })[]> {
    const rows = await query
      .selectFrom('series')
      .select(['id', 'name', 'labels', 'unit', 'last_at'])
      .select((eb) =>
        eb
          .selectFrom('points')
          .whereRef('series_id', '=', 'series.id')
          .select((points) => points.fn.max('t').as('t'))
          .as('newest'),
      )
      .where('kind', '=', kind)
      .$if(name !== undefined, (query) => query.where('name', '=', name ?? ''))
      .orderBy('name')
      .orderBy('series_key')
      .execute();
    return rows.flatMap(({ id, name, unit, labels, ...row }) => {
      const read = this.#database.unreadable.leaveOut(() => parseLabels(id, labels));
      return read === null ? [] : [{ id, name, labels: read, unit, lastAt: row.newest ?? row.last_at }];
    });
  }

  /**
   * Stores when series last had a point, before their points are deleted: for series last updated before a time (ms), or for given ones.
   */
  async rememberNewest(which: { before: number } | { ids: readonly number[] }): Promise<void> {
    const update = this.#database.query.updateTable('series').set((eb) => ({
      last_at: eb.fn.coalesce(
        eb
          .selectFrom('points')
          .whereRef('series_id', '=', 'series.id')
          .select((points) => points.fn.max('t').as('t')),
        'last_at',
      ),
    }));
    await ('before' in which ? update.where('last_at', '<', which.before) : update.where('id', 'in', which.ids)).execute();
  }

  async #create(missing: readonly NewSeries[]): Promise<void> {
    const rows = new Map(
      missing.map(({ kind, name, labels, unit, at }) => {
        const series_key = labelsKey(labels);
        return [keyOf(kind, name, series_key), { kind, name, series_key, labels: JSON.stringify(labels), unit, last_at: at }];
      }),
    );
    const created = await this.#database.query
      .insertInto('series')
      .values([...rows.values()])
      // Updating the existing row makes the statement return it too.
      .onConflict((conflict) =>
        conflict.columns(['kind', 'name', 'series_key']).doUpdateSet((eb) => ({
          unit: eb.case().when('excluded.unit', '=', '').then(eb.ref('series.unit')).else(eb.ref('excluded.unit')).end(),
        })),
      )
      .returning(['id', 'kind', 'name', 'series_key', 'unit'])
      .execute();
    for (const { id, kind, name, series_key, unit } of created) this.#known.set(keyOf(kind, name, series_key), { id, unit });
  }
}

/** @throws UnreadableValue */
export function parseLabels(id: number, labels: string): Labels {
  return parseStored(labelsSchema, labels, { table: 'series', row: { id }, column: 'labels' });
}

function keyOf(kind: string, name: string, seriesKey: string): string {
  return `${kind}/${name}/${seriesKey}`;
}
