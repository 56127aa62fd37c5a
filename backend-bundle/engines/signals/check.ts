import { AppError } from '#common/contract/errors.ts';
import { endOfTimeMs } from '#common/contract/times.ts';
import type { MetricPoints, SignalColumns } from './port.ts';

/**
 * Refuses records that no store can return unchanged, so that one such row does not silently spoil its batch.
 * @throws AppError validation_failed naming the row and the column
 */
export function checkRecords(records: SignalColumns): void {
  const lateRow = records.t.findIndex((t) => !isStorableTime(t));
  if (lateRow >= 0) refuse('t', lateRow, storableTime, records.t[lateRow]);
  const countRow = records.count.findIndex((value) => !Number.isSafeInteger(value) || value < 0);
  if (countRow >= 0) refuse('count', countRow, 'a whole number that is not negative', records.count[countRow]);
  for (const name of ['min', 'max', 'avg', 'sum'] as const) {
    const at = records[name].findIndex((value) => !Number.isFinite(value));
    if (at >= 0) refuse(name, at, 'a finite number', records[name][at]);
  }
}

/** Refuses metric points that no store can return unchanged. @throws AppError validation_failed */
export function checkPoints({ points }: MetricPoints): void {
  points.forEach(([t, value], i) => {
    if (!isStorableTime(t)) refuse('t', i, storableTime, t);
    if (!Number.isFinite(value)) refuse('value', i, 'a finite number', value);
  });
}

const storableTime = 'whole epoch milliseconds from 1970 to 3883';
const isStorableTime = (t: number) => Number.isSafeInteger(t) && t >= 0 && t < endOfTimeMs;

function refuse(field: string, row: number, wanted: string, found: number | undefined): never {
  throw new AppError('validation_failed', `Row ${row + 1}: ${field} must be ${wanted}, found ${found}.`, {
    field,
    hint: 'Nothing of this batch was stored; correct the row and send it again.',
  });
}
