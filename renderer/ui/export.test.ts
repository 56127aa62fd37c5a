import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileTime, toClipboardTable, toCsv } from './export.ts';

/** Parses tab-separated cells as a spreadsheet does on pasting: quoted cells may contain tabs and line breaks. */
function readTable(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\n') rows.push([]);
    if (end === '') break;
  }
  return rows;
}

/** A plain RFC 4180 parser, to prove that the output can be read. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; !(text[at] === '"' && text[at + 1] !== '"'); at++) {
        cell += text[at];
        if (text[at] === '"') at++;
      }
      at++;
    } else while (at < text.length && text[at] !== ',' && text[at] !== '\r') cell += text[at++];
    row.push(cell);
    if (text[at] === ',') at++;
    else {
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

describe('toCsv', () => {
  const columns = [
    { heading: 'a', cell: (row: (string | number | null)[]) => row[0] ?? null },
    { heading: 'b "c"', cell: (row: (string | number | null)[]) => row[1] ?? null },
  ];
  it('quotes what needs it and ends lines by CRLF', () => {
    expect(
      toCsv(columns, [
        ['x,y', 1.5],
        ['line\nbreak', null],
      ]),
    ).toBe('a,"b ""c"""\r\n"x,y",1.5\r\n"line\nbreak",\r\n');
  });
  it.each([
    '=1+1',
    '+1+1',
    '-1+2',
    '@SUM(A1)',
    '=HYPERLINK("http://x","y")',
    ' =1+1',
    '\t=1+1',
    '\r=1',
    '\n=1',
    '\u00a0=1',
    '＝1+1',
    '\0=1',
    '-',
    '-x',
    "=cmd|'/c calc'!A1",
  ])('writes %j as text, in a file and for the clipboard', (text) => {
    expect(readCsv(toCsv(columns, [[text, -1]]))[1]).toEqual([`'${text}`, '-1']);
    expect(readTable(toClipboardTable([[text, -1]]))).toEqual([[`'${text}`, '-1']]);
  });
  it.each(['-1', '-5.25', '+3', '-1e-7', '.5', '-.5'])('leaves the number %s a number, also where it is text', (text) => {
    expect(toCsv(columns, [[text, Number(text)]])).toContain(`\r\n${text},${Number(text)}\r\n`);
    expect(toClipboardTable([[text, Number(text)]])).toBe(`${text}\t${Number(text)}`);
  });
  it('keeps tabs, line breaks and quotes of a cell inside the cell', () => {
    const cells = ['a\tb', 'a\nb', 'a"b', 'a\r\nb', '"', 'plain', 'a,b'];
    expect(readTable(toClipboardTable([cells, cells]))).toEqual([cells, cells]);
    expect(readCsv(toCsv(columns, [[cells[0] ?? '', cells[1] ?? '']]))[1]).toEqual([cells[0], cells[1]]);
  });
  it('reads back as what was written', () => {
    const cell = fc.oneof(
      fc.string().filter((text) => !/^[\s\0]*[=+\-@]|^[\t\r\n]/.test(text)),
      fc.integer(),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), (rows) => {
        expect(readCsv(toCsv(columns, rows)).slice(1)).toEqual(rows.map((row) => row.map(String)));
      }),
    );
  });
});

it('writes a time without signs that file systems refuse', () => expect(fileTime(Date.UTC(2026, 10, 21, 10, 45))).toBe('20261121-104500Z'));
