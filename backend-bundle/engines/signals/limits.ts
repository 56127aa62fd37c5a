import { AppError } from '#common/contract/errors.ts';
import { formatNumber, formatSetDuration } from '#common/format.ts';
import { dayMs } from '#common/time/durations.ts';
import type { Estimate, SeriesRequest } from './port.ts';

/** Maximum number of points that one query may read one by one. Points covered by statistics of hours and minutes don't count. */
export const maxPointsRead = 20_000_000;
/** Default time limit of a query, ms. */
export const defaultTimeoutMs = 10_000;

const hint = 'Ask for a shorter range, a wider bucket or fewer series.';
const count = (n: number) => formatNumber(n);
const points = (estimate: Estimate) => `about ${count(estimate.points)} points of ${count(estimate.series)} series`;

/** @throws AppError validation_failed */
export function checkSeriesRequest({ bucketMs, timeZone }: Pick<SeriesRequest, 'bucketMs' | 'timeZone'>): void {
  if (!Number.isSafeInteger(bucketMs) || bucketMs < 0) {
    throw new AppError('validation_failed', `A bucket cannot be ${bucketMs} ms wide.`, {
      field: 'bucketMs',
      hint: 'Give a whole number of milliseconds, or 0 for the points as stored.',
    });
  }
  if (timeZone === undefined || bucketMs === dayMs) return;
  throw new AppError('validation_failed', `Only buckets of a day follow a time zone; this one is ${bucketMs} ms wide.`, {
    field: 'timeZone',
    hint: `Leave the time zone out, or ask for buckets of ${dayMs} ms.`,
  });
}

/** The answer would have more points than allowed. */
export function answerTooLarge(maxPoints: number, estimate: Estimate): AppError {
  const message = `The answer would hold more than ${count(maxPoints)} points; the range holds ${points(estimate)}.`;
  return new AppError('query_too_large', message, { field: 'bucketMs', hint });
}

/** The query would read more points than allowed. */
export function readTooLarge(limit: number, estimate: Estimate): AppError {
  const message = `The query would read ${points(estimate)} one by one; the limit is ${count(limit)}.`;
  return new AppError('query_too_large', message, { field: 'from', hint });
}

export function tookTooLong(timeoutMs: number): AppError {
  return new AppError('timeout', `The query took longer than ${formatSetDuration(timeoutMs)} and was stopped.`, { hint });
}

/** Maximum number of columns in one answer, over all its series: about 120 MB. */
export const maxColumns = 2_000_000;

export function columnsTooMany(columns: number): AppError {
  return new AppError('query_too_large', `The answer would hold more than ${count(maxColumns)} columns of ${columns} a series.`, {
    field: 'columns',
    hint: 'Ask for fewer columns or fewer series.',
  });
}
