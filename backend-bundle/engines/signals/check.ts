import { AppError } from '#common/contract/errors.ts';
import type { MetricPoints, SignalColumns } from './port.ts';

/**
 * What is stored must come back: no store can hold these, and one such row must not spoil its batch silently.
 * @throws AppError validation_failed naming the row and the column
 */
export function checkRecords(records: SignalColumns): void {
  for (const name of ['t', 'count'] as const) {
    const at = records[name].findIndex((value) => !Number.isSafeInteger(value) || value < 0);
    if (at >= 0) refuse(name, at, 'a whole number that is not negative', records[name][at]);
  }
  for (const name of ['min', 'max', 'avg', 'sum'] as const) {
    const at = records[name].findIndex((value) => !Number.isFinite(value));
    if (at >= 0) refuse(name, at, 'a finite number', records[name][at]);
  }
}

/** The same for the points of a metric. @throws AppError validation_failed */
export function checkPoints({ points }: MetricPoints): void {
  points.forEach(([t, value], i) => {
    if (!Number.isSafeInteger(t) || t < 0) refuse('t', i, 'a whole number that is not negative', t);
    if (!Number.isFinite(value)) refuse('value', i, 'a finite number', value);
  });
}

function refuse(field: string, row: number, wanted: string, found: number | undefined): never {
  throw new AppError('validation_failed', `Row ${row + 1}: ${field} must be ${wanted}, found ${found}.`, {
    field,
    hint: 'Nothing of this batch was stored; correct the row and send it again.',
  });
}
