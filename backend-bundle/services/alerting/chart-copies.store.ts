import { type ChartDefinition, chartDefinition } from '#common/contract/charts.ts';
import type { Database } from '../../engines/database/port.ts';
import { parseStored } from '../../engines/database/stored-json.ts';
import type { ChartCopies } from '../chart-library.ts';
import { chunks } from './alerting.store.ts';

/** Stores the copy of the charts with which rules are evaluated while the charts service does not answer, also after a restart. */
export function chartCopies(database: Database<'alerting'>): ChartCopies {
  return {
    async read() {
      const { query, unreadable } = database;
      const rows = await query.selectFrom('rule_charts').select(['code', 'definition']).execute();
      const read = ({ code, definition }: (typeof rows)[number]) =>
        parseStored(chartDefinition, definition, { table: 'rule_charts', row: { code }, column: 'definition' });
      return rows.length === 0 ? null : rows.flatMap((row) => unreadable.leaveOut(() => read(row)) ?? []);
    },
    async replace(charts: readonly ChartDefinition[]) {
      const rows = charts.map((chart) => ({ code: chart.code, definition: JSON.stringify(chart) }));
      await database.transaction(async (tx) => {
        await tx.deleteFrom('rule_charts').execute();
        for (const part of chunks(rows, 500)) await tx.insertInto('rule_charts').values(part).execute();
      });
    },
  };
}
