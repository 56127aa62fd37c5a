import type { ChartPicture } from '#renderer/charts/index.ts';
import { fileTime, saveFile, toCsv } from '#renderer/ui/export.ts';
import { csvColumns, cut, toJson, wideRows } from './lines.ts';

interface Told {
  /** Start of the file's name. */
  name: string;
  title: string;
  unit: string;
  aggregation: string;
  /** Heading of the column of times. */
  time: string;
}

/** The values of the lines on screen over the stretch on screen, as a file. */
export function saveValues(kind: 'csv' | 'json', picture: ChartPicture, told: Told): void {
  const file = `${told.name}-${fileTime(picture.stretch.from)}.${kind}`;
  if (kind === 'json') {
    saveFile(file, toJson(picture, told), 'application/json');
    return;
  }
  const shown = cut(picture.shown, picture.stretch);
  saveFile(file, toCsv(csvColumns(shown, told.time, told.unit), wideRows(shown)));
}
