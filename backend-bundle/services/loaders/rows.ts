import { LocalClock } from '#common/time/local-clock.ts';
import type { SignalColumns } from '../../engines/signals/port.ts';
import type { SourceCell, SourceRows } from '../../engines/sources/port.ts';
import { type ColumnLayout, layoutOf } from './layout.ts';
import { numberIn, Rejected, type RowContext, segmentIn, timeIn } from './values.ts';

export interface MappedRows {
  /** One entry per time and segment; of several rows the last one counts. */
  signals: SignalColumns;
  rejected: number;
  /** Why the first rejected row was rejected; null when none was. */
  rejectReason: string | null;
  /** Number of rows replaced by a later one with the same time and segment. */
  replaced: number;
  /** Number of values that lost digits when converted to a double, by column. */
  rounded: Record<string, number>;
  /** True if the timestamp column has no time zone, so that it was read in the loader's. */
  isZoneless: boolean;
  /** Times of the oldest and newest accepted row, epoch ms; null when there is none. */
  oldest: number | null;
  newest: number | null;
}

type Values = [count: number, min: number, max: number, avg: number, sum: number];

function valuesIn(row: readonly SourceCell[], layout: ColumnLayout['value'], reading: RowContext): Values {
  if ('at' in layout) {
    const value = numberIn(row[layout.at], layout, reading);
    return [1, value, value, value, value];
  }
  const [count, min, max, avg, sum] = [layout.record_count, layout.min, layout.max, layout.avg, layout.sum].map((place) =>
    numberIn(row[place.at], place, reading),
  ) as Values;
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new Rejected(`"record_count" is ${count}, not a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  if (min > max) throw new Rejected(`"min" is ${min}, greater than "max", ${max}`);
  return [count, min, max, avg, sum];
}

/** Collects signals, one per time and segment. */
class Collected {
  readonly signals: SignalColumns = { segment: [], t: [], count: [], min: [], max: [], avg: [], sum: [] };
  replaced = 0;
  readonly #places = new Map<string, Map<number, number>>();

  put(t: number, segment: string, [count, min, max, avg, sum]: Values): void {
    const { signals } = this;
    const times = this.#places.get(segment) ?? new Map<number, number>();
    this.#places.set(segment, times);
    const known = times.get(t);
    if (known !== undefined) this.replaced++;
    const place = known ?? signals.t.length;
    times.set(t, place);
    signals.t[place] = t;
    signals.segment[place] = segment;
    signals.count[place] = count;
    signals.min[place] = min;
    signals.max[place] = max;
    signals.avg[place] = avg;
    signals.sum[place] = sum;
  }
}

/**
 * Turns the result of a loader's SQL into signals. Unusable rows are counted and left out.
 * @param options `timeZone` is the IANA zone in which times without one are read; no time may be far ahead of `now` (epoch ms)
 * @throws AppError sql_rejected when columns are missing, duplicated, or of an unsuitable type
 */
export function mapRows(
  { source, columns, rows }: Pick<SourceRows, 'source' | 'columns' | 'rows'>,
  { timeZone, now }: { timeZone: string; now: number },
): MappedRows {
  const layout = layoutOf(columns, source);
  const collected = new Collected();
  const rounded: Record<string, number> = {};
  let inRow: string[] = [];
  const reading: RowContext = { source, clock: new LocalClock(timeZone), now, onRounded: (column) => void inRow.push(column) };
  const mapped: MappedRows = {
    signals: collected.signals,
    rejected: 0,
    rejectReason: null,
    replaced: 0,
    rounded,
    isZoneless: layout.timestamp.kind === 'local-time',
    oldest: null,
    newest: null,
  };
  for (const [i, row] of rows.entries()) {
    try {
      inRow = [];
      const t = timeIn(row[layout.timestamp.at], layout.timestamp, reading);
      const segment = segmentIn(row[layout.segment.at]);
      collected.put(t, segment, valuesIn(row, layout.value, reading));
      for (const column of inRow) rounded[column] = (rounded[column] ?? 0) + 1;
      if (mapped.oldest === null || t < mapped.oldest) mapped.oldest = t;
      if (mapped.newest === null || t > mapped.newest) mapped.newest = t;
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      mapped.rejected++;
      mapped.rejectReason ??= `Row ${i + 1}: ${error.reason}.`;
    }
  }
  mapped.replaced = collected.replaced;
  return mapped;
}
