/** One column of an export: its heading and how a row's cell reads. */
export interface CsvColumn<T> {
  heading: string;
  cell: (row: T) => string | number | null;
}

/** Text that a spreadsheet would take for a formula gets a leading apostrophe, so that opening a file runs nothing. */
function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180: a heading line, then a line for each row, ended by CRLF. Times belong in ISO 8601, numbers without units. */
export function toCsv<T>(columns: readonly CsvColumn<T>[], rows: readonly T[]): string {
  const lines = [
    columns.map((column) => csvCell(column.heading)),
    ...rows.map((row) => columns.map((column) => csvCell(column.cell(row)))),
  ];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** Offers text as a file. */
export const saveFile = (name: string, text: string, type = 'text/csv;charset=utf-8'): void => saveBlob(name, new Blob([text], { type }));

/** Offers bytes as a file: the browser asks where, or puts it among the downloads. */
export function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** A time safe in a file name: `20261121-104500Z`. */
export const fileTime = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}Z`;
