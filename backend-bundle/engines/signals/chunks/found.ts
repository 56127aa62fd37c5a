import type { Labels } from '#common/contract/primitives.ts';
import { type CatalogueSeries, seriesCrc } from './catalogue.ts';
import { type LogRow, logRowFits, type StateKey } from './log.ts';
import type { Covered } from './removals.ts';
import { blobCrc, rowCrc } from './row-crc.ts';
import type { RawRow, SqlitePages } from './sqlite-pages.ts';

/** The rows of a damaged file whose checksums are right. */
export interface Found {
  series: Map<number, CatalogueSeries>;
  /** Newest revision of the points, by row of the hour. */
  hours: Map<number, number>;
  /** Number of points according to the newest header, by row of the hour. */
  headers: Map<number, { seq: number; n: number }>;
  /** Newest row of each day, by its id. */
  days: Map<number, { rev: number; n: number; from: number; to: number }>;
  log: Map<number, LogRow>;
  removed: Map<number, Covered[]>;
  state: Map<StateKey, number>;
  /** The greatest number of a write that any row mentions. */
  maxSeq: number;
}

/** Reads every intact row. Points are left to `revisionsOf`, because they are too many to hold in memory. */
export function findRows(pages: SqlitePages): Found {
  const found: Found = {
    series: new Map(),
    hours: new Map(),
    headers: new Map(),
    days: new Map(),
    log: new Map(),
    removed: new Map(),
    state: new Map(),
    maxSeq: 0,
  };
  for (const row of pages.rows()) {
    const take = readers[row.values.length];
    take?.(row, found);
  }
  return found;
}

/** Yields the newest revision of the points of each hour; an hour may come more than once. */
export function* revisionsOf(pages: SqlitePages, found: Found): Generator<{ id: number; data: Buffer; seq: number }> {
  for (const row of pages.rows()) {
    const one = row.values.length === 5 && dataOf(row);
    if (one && one.rev === found.hours.get(one.id)) yield one;
  }
}

/** Functions that record a row, by its number of columns. */
const readers: Record<number, (row: RawRow, found: Found) => void> = {
  3: ({ id, values: [key, value, crc] }, { state }) => {
    if (id !== null || typeof key !== 'string' || typeof value !== 'number' || rowCrc('state', [value], key) !== crc) return;
    state.set(key as StateKey, Math.max(value, state.get(key as StateKey) ?? 0));
  },
  4: ({ id, values: [, prev, crc, data] }, found) => {
    if (id === null || typeof prev !== 'number' || typeof crc !== 'number' || !Buffer.isBuffer(data)) return;
    const row = { seq: id, prev, crc, data };
    if (!logRowFits(row)) return;
    found.log.set(id, row);
    found.maxSeq = Math.max(found.maxSeq, id);
  },
  5: (row, found) => {
    if (row.id === null) {
      takeRemoved(row, found);
      return;
    }
    const one = dataOf(row);
    if (!one) return;
    found.hours.set(one.id, Math.max(one.rev, found.hours.get(one.id) ?? -1));
    found.maxSeq = Math.max(found.maxSeq, one.seq);
  },
  8: takeSeries,
  14: ({ id, values }, { days }) => {
    const row = [id, ...values.slice(1)];
    if (!isNumbers(row) || rowCrc('days', row.slice(0, -1)) !== row.at(-1)) return;
    const [day, n, , from, to, rev] = [row[0], row[1], row[2], row[3], row[4], row[12]] as number[] as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    if (rev >= (days.get(day)?.rev ?? -1)) days.set(day, { rev, n, from, to });
  },
  15: ({ id, values }, { headers }) => {
    const row = [id, ...values.slice(1)];
    if (!isNumbers(row) || rowCrc('chunks', row.slice(0, -1)) !== row.at(-1)) return;
    const [hour, n, seq] = [row[0], row[1], row[12]] as [number, number, number];
    if (seq >= (headers.get(hour)?.seq ?? -1)) headers.set(hour, { seq, n });
  },
};

const isNumbers = (row: readonly unknown[]): row is (number | null)[] => row.every((value) => value === null || typeof value === 'number');

function dataOf({ id, values: [, data, seq, rev, crc] }: RawRow): { id: number; data: Buffer; seq: number; rev: number } | null {
  if (id === null || !Buffer.isBuffer(data) || typeof seq !== 'number' || typeof rev !== 'number') return null;
  return blobCrc('data', [id, seq, rev], data) === crc ? { id, data, seq, rev } : null;
}

function takeRemoved({ values }: RawRow, { removed }: Found): void {
  if (!isNumbers(values) || rowCrc('removed', values.slice(0, -1)) !== values.at(-1)) return;
  const [series, seq, start, stop] = values as [number, number, number, number];
  const known = removed.get(series);
  if (known) known.push({ series, seq, start, stop });
  else removed.set(series, [{ series, seq, start, stop }]);
}

function takeSeries({ id, values: [, kind, name, key, labels, unit, lastAt, crc] }: RawRow, { series }: Found): void {
  if (id === null || (kind !== 'signal' && kind !== 'metric') || typeof lastAt !== 'number') return;
  if (typeof name !== 'string' || typeof key !== 'string' || typeof labels !== 'string' || typeof unit !== 'string') return;
  if (seriesCrc({ id, kind, name, key, labels, unit, lastAt }) !== crc) return;
  if ((series.get(id)?.lastAt ?? -1) > lastAt) return;
  series.set(id, { id, kind, name, key, labels: JSON.parse(labels) as Labels, unit, lastAt });
}
