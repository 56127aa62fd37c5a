import { chartDefinition } from '#common/contract/charts.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import type { Database, Tx } from '../../engines/database/port.ts';
import { parseStored } from '../../engines/database/stored-json.ts';
import type { ChartCopies } from '../chart-library.ts';
import { chunks } from './alerting.store.ts';
import type { PinnedChart, PinnedCopies } from './rule-charts.ts';

/** Stores the copy of the charts with which rules are evaluated while the charts service does not answer, also after a restart. */
export function chartCopies(database: Database<'alerting'>): ChartCopies {
  return {
    async read() {
      const { query, unreadable } = database;
      const rows = await query.selectFrom('rule_charts').select(['code', 'definition', 'version']).execute();
      const read = ({ code, definition, version }: (typeof rows)[number]) => ({
        ...parseStored(chartDefinition, definition, { table: 'rule_charts', row: { code }, column: 'definition' }),
        version,
      });
      return rows.length === 0 ? null : rows.flatMap((row) => unreadable.leaveOut(() => read(row)) ?? []);
    },
    async replace(charts) {
      const rows = charts.map(({ version, ...chart }) => ({ code: chart.code, definition: JSON.stringify(chart), version }));
      await database.transaction(async (tx) => {
        await tx.deleteFrom('rule_charts').execute();
        for (const part of chunks(rows, 500)) await tx.insertInto('rule_charts').values(part).execute();
      });
    },
  };
}

/** Stores the earlier versions of charts that rules evaluate. */
export function pinnedCopies(database: Database<'alerting'>): PinnedCopies {
  return {
    async read() {
      const { query, unreadable } = database;
      const rows = await query.selectFrom('pinned_charts').selectAll().execute();
      const read = ({ code, version, definition }: (typeof rows)[number]): PinnedChart => {
        const place = { table: 'pinned_charts', row: { code, version }, column: 'definition' } as const;
        return { code, version, definition: parseStored(chartDefinition, definition, place) };
      };
      return rows.flatMap((row) => unreadable.leaveOut(() => read(row)) ?? []);
    },
    async add(charts) {
      const rows = charts.map((chart) => ({ ...chart, definition: JSON.stringify(chart.definition) }));
      // Another process may have stored the same, and a copy that can't be read is replaced.
      const insert = database.query.insertInto('pinned_charts').values(rows);
      await insert
        .onConflict((conflict) =>
          conflict.columns(['code', 'version']).doUpdateSet((eb) => ({ definition: eb.ref('excluded.definition') })),
        )
        .execute();
    },
  };
}

/** Deletes the copies of versions that no rule evaluates any more. */
export async function dropUnusedPins(tx: Tx<'alerting'>, rules: readonly Pick<RuleInput, 'chartCode' | 'chartVersion'>[]): Promise<void> {
  const used = new Set(rules.map(({ chartCode, chartVersion }) => `${chartCode} ${chartVersion}`));
  for (const { code, version } of await tx.selectFrom('pinned_charts').select(['code', 'version']).execute())
    if (!used.has(`${code} ${version}`))
      await tx.deleteFrom('pinned_charts').where('code', '=', code).where('version', '=', version).execute();
}
