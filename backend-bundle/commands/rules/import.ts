import { code } from '#common/contract/primitives.ts';
import type { ImportedRule, ImportedRules, RefusedRule } from '#common/rules/import.ts';
import { describeImport } from '#common/words/rule-imports.ts';
import { UsageError } from '../command.ts';

/** Reads `METRIC=CHART` flags: which chart to use for a metric. @throws UsageError */
export function readChartFlags(given: readonly string[]): Map<string, string> {
  return new Map(
    given.map((text) => {
      const [, metric, chart] = /^([^=]+)=(.+)$/.exec(text) ?? [];
      if (metric === undefined || !code.safeParse(chart).success)
        throw new UsageError(`--chart is not acceptable: write it as METRIC=CHART, such as up=hosts-up, instead of ${text}.`);
      return [metric, chart ?? ''];
    }),
  );
}

const productOf = { watchfloor: 'Watchfloor', prometheus: 'Prometheus', grafana: 'Grafana' };

/** Writes what becomes of each rule of a file: imported, imported with remarks, or refused and why. */
export function printImport({ format, imported, refused }: ImportedRules): string {
  const remarked = imported.filter(({ notes }) => notes.length > 0);
  const plain = imported.filter(({ notes }) => notes.length === 0);
  const lines = [
    ...plain.map((one) => `imported  ${describe(one)}`),
    ...remarked.flatMap((one) => [`remarks   ${describe(one)}`, ...one.notes.map((note) => `            ${describeImport(note, 'en')}`)]),
    ...refused.flatMap((one) => [`refused   ${placeOf(one)}`, `            ${reasonOf(one)}`]),
  ];
  const total = `${imported.length + refused.length} rules of ${productOf[format]}: ${plain.length} imported, ${remarked.length} imported with remarks, ${refused.length} refused.`;
  return `${[...lines, total].join('\n')}\n`;
}

const describe = (one: ImportedRule): string => `${one.rule.code} on chart ${one.rule.chartCode}: ${placeOf(one)}`;
const placeOf = ({ name, group, line }: Pick<ImportedRule, 'name' | 'group' | 'line'>): string =>
  `${name || '(no name)'}, line ${line}${group === '' ? '' : `, group ${group}`}`;

function reasonOf({ note, part }: RefusedRule): string {
  const reason = describeImport(note, 'en');
  if (note.code === 'chart_none') return `${reason.replace(/\.$/, '')}: --chart ${note.params['metric']}=CHART`;
  if (part === null) return reason;
  const place = `line ${part.line}, character ${part.column} of the expression`;
  return part.text === '' ? `${reason} (${place})` : `${reason} (${place}: ${part.text.replaceAll(/\s+/g, ' ')})`;
}
