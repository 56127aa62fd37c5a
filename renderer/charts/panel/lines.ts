import type { ChartDrawing } from '#common/contract/charts.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import type { ChartSeries } from '#renderer/charts/plot/types.ts';
import { distinctNames } from '#renderer/domain/alerts.ts';
import type { SeriesPicture } from '#renderer/domain/queries/index.ts';

/** The result of one selector of a chart. */
export interface SelectorResult {
  picture: SeriesPicture | undefined;
  /** The chart's name for this measure; absent if its labels name it. */
  name: string | undefined;
}

/**
 * Returns the lines of all results in a fixed order, so that each keeps its colour between refreshes. A line is named by the labels that
 * differ within its selector; without any, by the title.
 */
export function linesOf(answers: readonly SelectorResult[], title: string): ChartSeries[] {
  let place = 0;
  const used = new Map<string, number>();
  return answers.flatMap(({ picture, name }, which) => {
    const series = picture?.series ?? [];
    const names = distinctNames(series.map((one) => one.labels));
    return series
      .map(({ labels, t, v }, i) => {
        const own = names[i] ?? '';
        const called = name === undefined ? own : series.length > 1 ? `${name} · ${own}` : name;
        return { id: `${which} ${labelsKey(labels)}`, name: called === '' ? title : called, t, v };
      })
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
      .map((line) => {
        const count = (used.get(line.name) ?? 0) + 1;
        used.set(line.name, count);
        return { ...line, name: count === 1 ? line.name : `${line.name} (${count})`, place: place++ };
      });
  });
}

/**
 * Returns the lines of a chart as they are drawn. A band takes three results per measure (minimum, middle, maximum): its lines come in
 * threes of one colour, and incomplete ones are left out.
 */
export function namedLines(
  answers: readonly SelectorResult[],
  { title, type }: Pick<ChartDrawing, 'title' | 'type'>,
  words: { least: string; greatest: string },
): ChartSeries[] {
  if (type !== 'band') return linesOf(answers, title);
  let place = 0;
  const middles = linesOf(
    answers.map((answer, i) => (i % 3 === 1 ? answer : { ...answer, picture: undefined })),
    title,
  );
  const edges = new Map(linesOf(answers, title).map((line) => [line.id, line]));
  return middles.flatMap((middle) => {
    const [which = '', ...labels] = middle.id.split(' ');
    const edge = (by: number) => edges.get([String(Number(which) + by), ...labels].join(' '));
    const [least, greatest] = [edge(-1), edge(1)];
    if (!least || !greatest) return [];
    const own = place++;
    return [
      { ...least, name: `${middle.name} · ${words.least}`, place: own },
      { ...middle, place: own },
      { ...greatest, name: `${middle.name} · ${words.greatest}`, place: own },
    ];
  });
}
