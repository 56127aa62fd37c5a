import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import type { Chart, ChartDrawing } from '#common/contract/charts.ts';
import { type Labels, parseLabelsKey } from '#common/contract/primitives.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import type { Explorer } from './use-explorer.ts';

/** Returns the library's chart if the picture is exactly that one: a panel or rule then refers to it. */
export function chartAsSaved({ subject, added, drawing }: Explorer['question']): Chart | undefined {
  const isAsSaved = added.length === 0 && JSON.stringify(drawing) === JSON.stringify(subject?.drawing);
  return isAsSaved ? subject?.chart : undefined;
}

/** Returns what a rule evaluates of a picture: its first measure, with the values that its variables have. @throws if one has none */
export function measuredDrawing(drawing: ChartDrawing, values: VariableValues): ChartDrawing {
  const selector = bindSelector(drawing.selector, resolveValues(drawing.variables, values));
  return { ...drawing, selector, beside: [], variables: [] };
}

/** Returns the labels of the only line of the first measure that is shown; undefined if several are, or all. */
export function onlySeries({ lines, only }: Pick<Explorer['shown'], 'lines' | 'only'>): Labels | undefined {
  if (only?.length !== 1) return undefined;
  const id = lines.find(({ name }) => name === only[0])?.id;
  return id?.startsWith('0 ') ? (parseLabelsKey(id.slice(2)) ?? undefined) : undefined;
}
