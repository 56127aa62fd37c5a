import type { SeriesData } from '#common/contract/charts.ts';
import { type ChartSeries, type Stats, type Stretch, statsOf } from '#renderer/charts/index.ts';
import { seriesName } from '#renderer/ui/alerts.ts';
import type { CsvColumn } from '#renderer/ui/export.ts';

/** Names by what tells the lines apart: labels that all share are left out; the title where nothing differs. */
export function namesOf(series: readonly SeriesData[], title: string): string[] {
  const keys = [...new Set(series.flatMap((one) => Object.keys(one.labels)))].sort();
  const telling = keys.filter((key) => new Set(series.map((one) => one.labels[key] ?? '')).size > 1);
  const used = new Map<string, number>();
  return series.map((one) => {
    const name = telling.flatMap((key) => one.labels[key] ?? []).join(' · ') || (series.length === 1 && seriesName(one.labels)) || title;
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** Lines in a fixed order, so that each keeps its colour from one refresh to the next. */
export function linesOf(series: readonly SeriesData[], title: string): ChartSeries[] {
  const names = namesOf(series, title);
  return series
    .map(({ t, v }, i) => ({ id: names[i] ?? title, name: names[i] ?? title, t, v }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
    .map((line, place) => ({ ...line, place }));
}

/** The names to show: those asked for that exist, or all where none does (a link from elsewhere, a series that is gone). */
export function known(only: readonly string[] | undefined, lines: readonly ChartSeries[]): readonly string[] | undefined {
  return only !== undefined && lines.some((line) => only.includes(line.name)) ? only : undefined;
}

export interface LegendRow extends Stats {
  id: string;
  name: string;
  place: number;
  shown: boolean;
}

export function legendOf(lines: readonly ChartSeries[], only: readonly string[] | undefined, stretch: Stretch): LegendRow[] {
  return lines.map((line) => ({
    id: line.id,
    name: line.name,
    place: line.place,
    shown: only === undefined || only.includes(line.name),
    ...statsOf(line, stretch),
  }));
}

interface WideRow {
  at: number;
  values: (number | null)[];
}

/** One row a time, one column a line; a line without a point at that time leaves its cell empty. */
export function wideRows(lines: readonly ChartSeries[]): WideRow[] {
  const rows = new Map<number, (number | null)[]>();
  lines.forEach(({ t, v }, column) => {
    for (let i = 0; i < t.length; i++) {
      const at = t[i] ?? 0;
      let values = rows.get(at);
      if (!values) {
        values = lines.map(() => null);
        rows.set(at, values);
      }
      values[column] = v[i] ?? null;
    }
  });
  return [...rows].sort(([a], [b]) => a - b).map(([at, values]) => ({ at, values }));
}

export function csvColumns(lines: readonly ChartSeries[], timeHeading: string, unit: string): CsvColumn<WideRow>[] {
  return [
    { heading: timeHeading, cell: (row) => new Date(row.at).toISOString() },
    ...lines.map((line, i) => ({
      heading: unit === '' ? line.name : `${line.name} (${unit})`,
      cell: (row: WideRow) => row.values[i] ?? null,
    })),
  ];
}
