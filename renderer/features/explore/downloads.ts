import type { Interval } from '#common/time/intervals.ts';
import {
  type ChartPicture,
  chartIn,
  exportCanvas,
  exportChart,
  isDashed,
  type LegendEntry,
  seriesVariable,
} from '#renderer/charts/index.ts';
import { fileTime, saveCsv, saveFile } from '#renderer/ui/export.ts';
import { csvColumns, cut, toJson, wideRows, withDamage } from './lines.ts';

export type ExportKind = 'png' | 'svg' | 'csv' | 'json';

interface FileLabels {
  /** Start of the file name. */
  name: string;
  title: string;
  unit: string;
  aggregation: string;
  /** Heading of the column of times. */
  time: string;
  /** Heading of the column of notes, and the note where an interval is damaged. */
  note: string;
  damagedNote: (interval: Interval) => string;
}

/** Saves the values of the visible lines and interval as a file. */
export function saveValues(kind: 'csv' | 'json', picture: ChartPicture, labels: FileLabels): void {
  const file = `${labels.name}-${fileTime(picture.interval.from)}.${kind}`;
  if (kind === 'json') {
    saveFile(file, toJson(picture, labels), 'application/json');
    return;
  }
  const shown = cut(picture.shown, picture.interval);
  const { damaged } = picture;
  const columns = csvColumns(shown, labels.time, labels.unit, damaged.length > 0 ? labels.note : undefined);
  saveCsv(file, columns, withDamage(wideRows(shown), damaged, labels.damagedNote));
}

interface PictureOptions {
  kind: 'png' | 'svg';
  /** The element that contains the chart. */
  element: HTMLElement;
  /** File name without extension. */
  name: string;
  title: string;
  /** The range and its zone. */
  subtitle: string;
  /** A warning about the points, drawn beneath the chart; undefined if there is none. */
  note: string | undefined;
  legend: (Pick<LegendEntry, 'name'> & { place: number })[];
  rtl: boolean;
}

/**
 * Saves the chart in an element as a picture with title, range and legend. It is drawn again if possible, or copied from its canvas (pie,
 * gauge).
 * @returns false if there is no picture of that kind
 */
export async function savePicture({ kind, element, name, title, subtitle, note, legend, rtl }: PictureOptions): Promise<boolean> {
  const style = getComputedStyle(document.documentElement);
  const variable = (of: string) => style.getPropertyValue(of).trim();
  const options = {
    title,
    subtitle,
    note,
    danger: variable('--danger'),
    legend: legend.map(({ name, place }) => ({ name, color: variable(seriesVariable(place).slice(4, -1)), dashed: isDashed(place) })),
    background: variable('--background'),
    foreground: variable('--foreground'),
  };
  const handle = chartIn(element);
  const canvas = element.querySelector('canvas');
  const look = { font: getComputedStyle(document.body).fontFamily, muted: variable('--muted'), rtl };
  if (handle) saveBlob(`${name}.${kind}`, await exportChart(handle, kind, options));
  else if (kind === 'png' && canvas) saveBlob(`${name}.png`, await exportCanvas(canvas, look, options));
  else return false;
  return true;
}

function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
