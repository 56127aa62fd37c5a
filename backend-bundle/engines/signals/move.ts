import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Points } from '#common/timeseries/points.ts';
import type { Database } from '../database/port.ts';
import type { ChunkSignalStore } from './chunks/open.ts';
import { endOfTime } from './chunks/schema.ts';
import { parseLabels } from './table/series.ts';

/** Rows per step; a step takes about a tenth of a second. */
const rowsAStep = 50_000;
const logEvery = 1_000_000;

/**
 * Moves the points of the control database into chunks, a step at a time. The rows of a step are deleted only after they are durable in the
 * chunks, and a step repeated after a crash writes the same values. So it may be interrupted at any moment, and the next start continues.
 * Points whose time no chunk can hold, and series whose labels cannot be read, stay where they are and are logged.
 * @returns points moved
 */
export async function movePoints(database: Database<'engines'>, chunks: Pick<ChunkSignalStore, 'append'>, log: Logger): Promise<number> {
  const { query } = database;
  const all = await query.selectFrom('series').selectAll().orderBy('id').execute();
  let moved = 0;
  for (const [i, series] of all.entries()) {
    const kind = series.kind === 'signal' ? 'signal' : 'metric';
    const labels = database.unreadable.leaveOut(() => parseLabels(series.id, series.labels));
    if (labels === null) continue;
    const mine = query.selectFrom('points').selectAll().where('series_id', '=', series.id).orderBy('t');
    for (;;) {
      const rows = await mine.where('t', '<', endOfTime).limit(rowsAStep).execute();
      const newest = rows.at(-1)?.t;
      if (newest === undefined) break;
      if (moved === 0) log.info(`moving the points of ${all.length} series into chunks, once; this may take a while`);
      const column = (name: 't' | 'avg' | 'count' | 'min' | 'max' | 'sum') => Float64Array.from(rows, (row) => row[name]);
      const points: Points = { t: column('t'), v: column('avg') };
      if (kind === 'signal') points.record = { count: column('count'), min: column('min'), max: column('max'), sum: column('sum') };
      await chunks.append([{ kind, name: series.name, labels, unit: series.unit, points }]);
      await query.deleteFrom('points').where('series_id', '=', series.id).where('t', '<=', newest).execute();
      if (Math.floor(moved / logEvery) < Math.floor((moved + rows.length) / logEvery)) {
        log.info({ points: moved + rows.length }, `moving points into chunks: series ${i + 1} of ${all.length}`);
      }
      moved += rows.length;
    }
    const left = await mine.limit(1).executeTakeFirst();
    if (left)
      log.warn({ series: series.name, labels, t: left.t }, 'a point has a time past the year 3883: it stays in the control database');
    else await query.deleteFrom('series').where('id', '=', series.id).execute();
  }
  if (moved > 0) {
    log.info({ points: moved }, 'the points are in chunks now');
    // Without VACUUM the file would keep its size. Little data is left, so it takes little time and space.
    try {
      await sql`vacuum`.execute(query);
      await sql`pragma wal_checkpoint(truncate)`.execute(query);
    } catch (error) {
      log.warn({ err: error }, 'the control database could not be made smaller');
    }
  }
  return moved;
}
