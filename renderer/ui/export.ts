/** One column of an export: its heading and how a row's cell reads. */
export interface CsvColumn<T> {
  heading: string;
  cell: (row: T) => ExportCell;
}

/** A cell of a table that leaves the console: a file, or the clipboard. */
export type ExportCell = string | number | null;

/** Spreadsheets take these for the start of a formula, the wide forms of East Asian keyboards included, also behind blanks. */
const formula = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n]/u;
const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * How a cell is written between separators. Text that a spreadsheet would take for a formula gets a leading apostrophe, so that opening
 * a file or pasting a table runs nothing; a negative number stays a number. Separators, line breaks and quotes inside are quoted.
 */
function writeCell(value: ExportCell, separator: ',' | '\t'): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const safe = formula.test(value) && !plainNumber.test(value) ? `'${value}` : value;
  return safe.includes(separator) || /["\r\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Lines of tab-separated cells, as spreadsheets and editors take them from the clipboard. */
export function toClipboardTable(rows: readonly (readonly ExportCell[])[]): string {
  return rows.map((cells) => cells.map((cell) => writeCell(cell, '\t')).join('\t')).join('\n');
}

/** RFC 4180: a heading line, then a line for each row, ended by CRLF. Times belong in ISO 8601, numbers without units. */
export function toCsv<T>(columns: readonly CsvColumn<T>[], rows: readonly T[]): string {
  const lines = [
    columns.map((column) => writeCell(column.heading, ',')),
    ...rows.map((row) => columns.map((column) => writeCell(column.cell(row), ','))),
  ];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** Offers rows as a CSV file. It begins with a byte order mark: without one, Excel on Windows reads UTF-8 as something else. */
export const saveCsv = <T>(name: string, columns: readonly CsvColumn<T>[], rows: readonly T[]): void =>
  saveFile(name, `${byteOrderMark}${toCsv(columns, rows)}`);
const byteOrderMark = '\uFEFF';

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
