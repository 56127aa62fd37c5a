import { type LoaderInput, loaderInput } from '#common/contract/loaders.ts';
import type { SourceSettings } from '#common/contract/sources.ts';
import { dayMs } from '#common/time/durations.ts';
import type { Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import { tryOpenSecret } from './connections.ts';
import { newRow } from './loaders.store.ts';

const sourceCode = 'conveyor';

/** A column as it is; what a sensor could not deliver is left to be rejected. */
const measure = (column: string) => `SELECT t AS timestamp, belt AS segment, ${column} AS value
FROM readings
WHERE belt IN ('belt-1', 'belt-2', 'belt-3') AND t >= :from AND t < :to`;

/**
 * A count as a rate over the last minute, which is smooth where single periods count few. An unreadable cell, which SQLite would take
 * for 0 in a sum, stays as it is and is left to be rejected.
 */
const perMinute = (column: string) => `SELECT timestamp, segment, value FROM (
  SELECT t AS timestamp, belt AS segment,
    CASE WHEN typeof(${column}) <> 'real' THEN ${column} ELSE
      60.0 * SUM(${column}) FILTER (WHERE typeof(${column}) = 'real') OVER last_minute
        / SUM(period_s) FILTER (WHERE typeof(${column}) = 'real') OVER last_minute
    END AS value
  FROM readings
  WHERE belt IN ('belt-1', 'belt-2', 'belt-3') AND t >= :from - 60000 AND t < :to
  WINDOW last_minute AS (PARTITION BY belt ORDER BY t RANGE BETWEEN 59999 PRECEDING AND CURRENT ROW)
)
WHERE timestamp >= :from`;

const shipped: readonly LoaderInput[] = [
  { code: 'belt-speed', name: 'Belt speed', sql: measure('speed'), unit: 'm/s' },
  { code: 'belt-current', name: 'Motor current', sql: measure('current'), unit: 'A' },
  { code: 'belt-items', name: 'Items', sql: perMinute('items'), unit: 'items/min' },
  { code: 'belt-rejects', name: 'Rejects', sql: perMinute('rejects'), unit: 'items/min' },
].map((each) => loaderInput.parse({ ...each, sourceCode, intervalMs: 2_000, historyMs: 30 * dayMs, overlapMs: 10_000 }));

/**
 * Stores the conveyor's source and loaders the first time, and afterwards only where the file is: a data folder may be moved.
 * @param file absolute path of the database that the conveyor producer writes
 */
export async function seedConveyor(engines: Engines<'loaders'>, file: string): Promise<void> {
  const { database, vault, now } = engines;
  const settings: SourceSettings = { kind: 'sqlite', file };
  await database.transaction(async (tx) => {
    const seeded = await tx.selectFrom('source_seeds').select('file').where('code', '=', sourceCode).executeTakeFirst();
    if (seeded !== undefined) return moveSource(engines, tx, settings, seeded.file);
    await tx
      .insertInto('sources')
      .values({
        code: sourceCode,
        name: 'Conveyor',
        kind: settings.kind,
        settings_sealed: vault.seal(JSON.stringify(settings)),
        write_access: 'unknown',
        checked_at: null,
        updated_at: now(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    for (const loader of shipped) {
      await tx
        .insertInto('loaders')
        .values(newRow(loader, vault, 'watchfloor', now()))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    await tx.insertInto('source_seeds').values({ code: sourceCode, file }).execute();
  });
}

/** Only while the source still is the one that was shipped, at the place where it was last. */
async function moveSource(
  { vault, now }: Engines<'loaders'>,
  tx: Tx<'loaders'>,
  settings: Extract<SourceSettings, { kind: 'sqlite' }>,
  last: string,
): Promise<void> {
  if (last === settings.file) return;
  const source = await tx.selectFrom('sources').select('settings_sealed').where('code', '=', sourceCode).executeTakeFirst();
  if (source !== undefined && tryOpenSecret(vault, source.settings_sealed) === JSON.stringify({ ...settings, file: last })) {
    await tx
      .updateTable('sources')
      .set({ settings_sealed: vault.seal(JSON.stringify(settings)), updated_at: now(), checked_at: null, write_access: 'unknown' })
      .where('code', '=', sourceCode)
      .execute();
  }
  await tx.updateTable('source_seeds').set({ file: settings.file }).where('code', '=', sourceCode).execute();
}
