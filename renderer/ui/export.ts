/** One column of an export: its heading and the value of a row's cell. */
export interface CsvColumn<T> {
  heading: string;
  cell: (row: T) => ExportCell;
}

/** A cell of a table that leaves the console: a file, or the clipboard. */
export type ExportCell = string | number | null;

/** Spreadsheets treat these as the start of a formula, including East Asian full-width forms, also after blanks. */
const formula = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n]/u;
const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Formats a cell between separators. Text that a spreadsheet would treat as a formula gets a leading apostrophe, so that opening a file or
 * pasting a table executes nothing; a negative number stays a number. Separators, line breaks and quotes inside are quoted.
 */
function writeCell(value: ExportCell, separator: ',' | '\t'): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const safe = formula.test(value) && !plainNumber.test(value) ? `'${value}` : value;
  return safe.includes(separator) || /["\r\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Formats lines of tab-separated cells, as spreadsheets and editors accept them from the clipboard. */
export function toClipboardTable(rows: readonly (readonly ExportCell[])[]): string {
  return rows.map((cells) => cells.map((cell) => writeCell(cell, '\t')).join('\t')).join('\n');
}

/** Formats RFC 4180 CSV: a heading line, then a line for each row, ended by CRLF. Write times in ISO 8601, numbers without units. */
export function toCsv<T>(columns: readonly CsvColumn<T>[], rows: readonly T[]): string {
  const lines = [
    columns.map((column) => writeCell(column.heading, ',')),
    ...rows.map((row) => columns.map((column) => writeCell(column.cell(row), ','))),
  ];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** Offers rows as a CSV file. It starts with a byte order mark, without which Excel on Windows doesn't read it as UTF-8. */
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

/** Formats a time for file names: `20261121-104500Z`. */
export const fileTime = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}Z`;
