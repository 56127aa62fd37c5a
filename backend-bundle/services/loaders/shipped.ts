import { z } from 'zod';
import { type LoaderInput, loaderInput } from '#common/contract/loaders.ts';
import { code } from '#common/contract/primitives.ts';
import { sourceSettings } from '#common/contract/sources.ts';
import { dayMs } from '#common/time/durations.ts';
import type { Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import { audit } from '../audit.ts';
import { ship, shipper } from '../shipped.store.ts';
import { tryOpenSettings } from './connections.ts';
import { allLoaders, insertLoader, newRow, openDefinition, publishChanged, redefine, updateLoader } from './loaders.store.ts';
import { allSources, insertSource, settingsColumns, updateSource } from './sources.store.ts';

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

export const shippedLoaders: readonly LoaderInput[] = [
  { code: 'belt-speed', name: 'Belt speed', sql: measure('speed'), unit: 'm/s' },
  { code: 'belt-current', name: 'Motor current', sql: measure('current'), unit: 'A' },
  { code: 'belt-items', name: 'Items', sql: perMinute('items'), unit: 'items/min' },
  { code: 'belt-rejects', name: 'Rejects', sql: perMinute('rejects'), unit: 'items/min' },
].map((each) => loaderInput.parse({ ...each, sourceCode, intervalMs: 2_000, historyMs: 30 * dayMs, overlapMs: 10_000 }));

/** The name of a shipped source is given once and then people's: a source that was renamed still follows its file. */
const shippedSource = z.object({ code, settings: sourceSettings });
type ShippedSource = z.infer<typeof shippedSource>;

/**
 * Ships the conveyor's source and loaders. A data folder that was moved is a change of the shipped source, which names a file in it.
 * @param file absolute path of the database that the conveyor producer writes
 * @param loaders those of this version of the product
 */
export async function shipConveyor(engines: Engines<'loaders'>, file: string, loaders = shippedLoaders): Promise<void> {
  await engines.database.transaction(async (tx) => {
    await shipSource(engines, tx, { code: sourceCode, settings: { kind: 'sqlite', file } });
    // A person may have deleted the source. A loader needs one.
    const hasSource = (await allSources(tx)).some(({ code }) => code === sourceCode);
    if (hasSource) await shipLoaders(engines, tx, loaders);
  });
}

async function shipSource({ database, vault, now }: Engines<'loaders'>, tx: Tx<'loaders'>, source: ShippedSource): Promise<void> {
  const columns = ({ settings }: ShippedSource) => settingsColumns(settings, vault, now());
  await ship(tx, {
    table: 'shipped_sources',
    schema: shippedSource,
    contents: [source],
    unreadable: database.unreadable,
    find: async (code) => {
      const row = (await allSources(tx)).find((each) => each.code === code);
      if (row === undefined) return null;
      const settings = tryOpenSettings(row, vault);
      if (settings === null) return 'unreadable';
      return {
        body: { code, settings },
        lastChangedBy: null,
        replace: (next: ShippedSource) => updateSource(tx, { ...row, ...columns(next) }),
      };
    },
    create: (content) => insertSource(tx, { code: content.code, name: 'Conveyor', ...columns(content) }),
  });
}

async function shipLoaders(engines: Engines<'loaders'>, tx: Tx<'loaders'>, contents: readonly LoaderInput[]): Promise<void> {
  const { database, vault, now } = engines;
  const rows = await allLoaders(tx);
  await ship(tx, {
    table: 'shipped_loaders',
    schema: loaderInput,
    contents,
    unreadable: database.unreadable,
    find: async (code) => {
      const row = rows.find((each) => each.code === code);
      if (row === undefined) return null;
      const body = openDefinition(row, vault);
      if (body === null) return 'unreadable';
      return {
        body,
        lastChangedBy: row.updated_by,
        replace: async (next: LoaderInput) => {
          const after = redefine(row, next, vault, shipper, now());
          await updateLoader(tx, after);
          await audit(tx, { actor: shipper, action: 'loader.updated', entity: code, at: now() });
          await publishChanged(engines, tx, after);
        },
      };
    },
    create: (content) => insertLoader(tx, newRow(content, vault, shipper, now())),
  });
}
