import { type ChartPicture, chartIn, exportChart } from '#renderer/charts/index.ts';
import { fileTime, saveCsv, saveFile } from '#renderer/ui/export.ts';
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
  saveCsv(file, csvColumns(shown, told.time, told.unit), wideRows(shown));
}

/**
 * The chart in an element as a picture; drawn anew where it can be, copied from its canvas where it is a pie or gauge.
 * @returns false where there is no picture of that kind to be had
 */
export async function savePicture(kind: 'png' | 'svg', element: HTMLElement, name: string, title: string): Promise<boolean> {
  const style = getComputedStyle(document.documentElement);
  const [background, foreground] = ['--background', '--foreground'].map((variable) => style.getPropertyValue(variable).trim());
  const handle = chartIn(element);
  const canvas = element.querySelector('canvas');
  if (handle) saveBlob(`${name}.${kind}`, await exportChart(handle, kind, { title, background, foreground }));
  else if (kind === 'png' && canvas) saveBlob(`${name}.png`, await copyOf(canvas, background ?? ''));
  else return false;
  return true;
}

function copyOf(canvas: HTMLCanvasElement, background: string): Promise<Blob> {
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  const pen = copy.getContext('2d');
  if (pen) {
    pen.fillStyle = background;
    pen.fillRect(0, 0, copy.width, copy.height);
    pen.drawImage(canvas, 0, 0);
  }
  return new Promise((resolve, reject) =>
    copy.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be written.')))),
  );
}

function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
