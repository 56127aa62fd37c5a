import { type CsvColumn, type ExportCell, fileTime, saveCsv, saveFile, toClipboardTable } from '#renderer/ui/export.ts';
import type { RuleRow } from './rule-list.ts';

const columns: CsvColumn<RuleRow>[] = [
  { heading: 'state', cell: (row) => row.state },
  { heading: 'severity', cell: (row) => row.rule.severity },
  { heading: 'name', cell: (row) => row.rule.name },
  { heading: 'code', cell: (row) => row.rule.code },
  { heading: 'chart', cell: (row) => row.rule.chartCode },
  { heading: 'condition', cell: (row) => row.condition },
  { heading: 'series', cell: (row) => row.ofSeries },
  { heading: 'series_in_state', cell: (row) => row.inState },
  { heading: 'evaluated_at', cell: (row) => timeOf(row.rule.evaluatedAt) },
  { heading: 'fired_7_days', cell: (row) => row.rule.firedLastWeek },
  { heading: 'last_fired_at', cell: (row) => timeOf(row.rule.lastFiredAt) },
  { heading: 'noise_rank', cell: (row) => row.rank },
  { heading: 'owner', cell: (row) => row.rule.owner },
];

const timeOf = (at: number | null): ExportCell => (at === null ? null : new Date(at).toISOString());

/** Saves rules as a CSV file. */
export function saveRules(rows: readonly RuleRow[]): void {
  saveCsv(`rules-${fileTime(Date.now())}.csv`, columns, rows);
}

/** Saves rules as YAML, as `rules apply` and the import read it. */
export async function saveRulesAsYaml(rows: readonly RuleRow[]): Promise<void> {
  const [{ writeRules }, { ruleOf }] = await Promise.all([import('#common/rules/yaml.ts'), import('#common/rules/plan.ts')]);
  const rules = rows.map(({ rule }) => ruleOf(rule)).sort((a, b) => (a.code < b.code ? -1 : 1));
  saveFile(`rules-${fileTime(Date.now())}.yaml`, writeRules(rules), 'application/yaml');
}

/** Copies rules as a table for spreadsheets. @throws when the browser offers no clipboard */
export async function copyRules(rows: readonly RuleRow[]): Promise<void> {
  const lines = rows.map((row) => columns.map(({ cell }) => cell(row)));
  await navigator.clipboard.writeText(toClipboardTable([columns.map(({ heading }) => heading), ...lines]));
}
