import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileTime, toCsv } from './export.ts';

/** A plain RFC 4180 reader, to prove that what is written can be read. */
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
  it.each(['=1+1', '+1', '-1', '@x'])('disarms %s', (text) => expect(toCsv(columns, [[text, -1]])).toContain(`'${text},-1`));
  it('reads back as what was written', () => {
    const cell = fc.oneof(
      fc.string().filter((text) => !/^[=+\-@\t\r]/.test(text)),
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
