import { AppError } from '#common/contract/errors.ts';
import type { SignalColumns } from '../../engines/signals/port.ts';
import type { SourceRows } from '../../engines/sources/port.ts';

export interface MappedRows {
  /** One entry a time and segment; of several the last row counts. */
  signals: SignalColumns;
  rejected: number;
  /** What is wrong with the first rejected row; null when none was. */
  rejectReason: string | null;
  /** Times of the oldest and newest accepted row, epoch ms; null when there is none. */
  oldest: number | null;
  newest: number | null;
}

type Cell = string | number | null | undefined;

const summary = ['record_count', 'min', 'max', 'avg', 'sum'] as const;
const longestSegment = 128;
/** 1973-03-03: an earlier time is one in seconds by mistake. */
const earliestMs = 100_000_000_000;
const latestMs = 8_640_000_000_000_000;

interface Layout {
  timestamp: number;
  segment: number;
  /** Of `value`, or of each summary column. */
  value: number | Record<(typeof summary)[number], number>;
}

/** @throws AppError sql_rejected naming the missing columns and what is there */
function layoutOf(columns: readonly string[]): Layout {
  const index = new Map<string, number>();
  for (const [i, name] of columns.entries()) if (!index.has(name.toLowerCase())) index.set(name.toLowerCase(), i);
  const missing = ['timestamp', 'segment'].filter((name) => !index.has(name));
  const present = summary.filter((name) => index.has(name));
  if (!index.has('value') && present.length < summary.length) {
    missing.push(...(present.length === 0 ? ['value'] : summary.filter((name) => !index.has(name))));
  }
  if (missing.length > 0) {
    const names = missing.map((name) => `"${name}"`).join(', ');
    throw new AppError('sql_rejected', `The SQL returns no column ${names}; it returns ${columns.join(', ') || 'none'}.`, {
      field: 'sql',
      hint: 'Name the columns with AS: timestamp (epoch milliseconds), segment, and value, or all of record_count, min, max, avg, sum.',
    });
  }
  const at = (name: string) => index.get(name) ?? -1;
  return {
    timestamp: at('timestamp'),
    segment: at('segment'),
    value: index.has('value')
      ? at('value')
      : { record_count: at('record_count'), min: at('min'), max: at('max'), avg: at('avg'), sum: at('sum') },
  };
}

function shown(cell: Cell): string {
  if (cell === null || cell === undefined) return 'empty';
  const text = typeof cell === 'string' ? `"${cell}"` : String(cell);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** Thrown for one row; the others go on. */
class Rejected {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

function numberIn(cell: Cell, column: string): number {
  if (typeof cell === 'number' && Number.isFinite(cell)) return cell;
  throw new Rejected(`"${column}" is ${shown(cell)}, not a number`);
}

function timeIn(cell: Cell): number {
  const at = numberIn(cell, 'timestamp');
  if (!Number.isInteger(at)) throw new Rejected(`"timestamp" is ${at}, not a whole number of milliseconds`);
  if (at > latestMs) throw new Rejected(`"timestamp" is ${at}, which is no time`);
  if (at < earliestMs) throw new Rejected(`"timestamp" is ${at}: it looks like seconds; multiply by 1000`);
  return at;
}

function segmentIn(cell: Cell): string {
  const text = typeof cell === 'number' ? String(cell) : cell;
  if (text === null || text === undefined || text === '') throw new Rejected('"segment" is empty');
  if (text.length > longestSegment) throw new Rejected(`"segment" is ${shown(text)}, longer than ${longestSegment} characters`);
  return text;
}

function valuesIn(row: readonly Cell[], layout: Layout['value']): [count: number, min: number, max: number, avg: number, sum: number] {
  if (typeof layout === 'number') {
    const value = numberIn(row[layout], 'value');
    return [1, value, value, value, value];
  }
  const count = numberIn(row[layout.record_count], 'record_count');
  if (!Number.isInteger(count) || count < 0) throw new Rejected(`"record_count" is ${count}, not a whole number from 0 up`);
  const min = numberIn(row[layout.min], 'min');
  const max = numberIn(row[layout.max], 'max');
  if (min > max) throw new Rejected(`"min" is ${min}, greater than "max", ${max}`);
  return [count, min, max, numberIn(row[layout.avg], 'avg'), numberIn(row[layout.sum], 'sum')];
}

/**
 * Turns what a loader's SQL returned into signals. A row that cannot be used is counted and the rest kept.
 * @throws AppError sql_rejected when columns are missing
 */
export function mapRows({ columns, rows }: SourceRows): MappedRows {
  const layout = layoutOf(columns);
  const signals: SignalColumns = { segment: [], t: [], count: [], min: [], max: [], avg: [], sum: [] };
  const places = new Map<string, Map<number, number>>();
  const mapped: MappedRows = { signals, rejected: 0, rejectReason: null, oldest: null, newest: null };
  for (const [i, row] of rows.entries()) {
    try {
      const t = timeIn(row[layout.timestamp]);
      const segment = segmentIn(row[layout.segment]);
      const [count, min, max, avg, sum] = valuesIn(row, layout.value);
      const times = places.get(segment) ?? new Map<number, number>();
      places.set(segment, times);
      const place = times.get(t) ?? signals.t.length;
      times.set(t, place);
      signals.t[place] = t;
      signals.segment[place] = segment;
      signals.count[place] = count;
      signals.min[place] = min;
      signals.max[place] = max;
      signals.avg[place] = avg;
      signals.sum[place] = sum;
      if (mapped.oldest === null || t < mapped.oldest) mapped.oldest = t;
      if (mapped.newest === null || t > mapped.newest) mapped.newest = t;
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      mapped.rejected++;
      mapped.rejectReason ??= `Row ${i + 1}: ${error.reason}.`;
    }
  }
  return mapped;
}
