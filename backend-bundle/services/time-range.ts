import { AppError } from '#common/contract/errors.ts';

/** How far ahead a range may start, ms: clocks differ, and "until the end of today" is a fair question. */
const aheadMs = 2 * 86_400_000;

/**
 * Checks a range whose ends are epoch ms; `names` are the fields as the caller wrote them, `unit` what the caller wrote them in.
 * @throws AppError invalid_time_range naming the field and the fix
 */
export function checkTimeRange(
  range: { from: number; to: number },
  now: number,
  names: { from: string; to: string } = { from: 'from', to: 'to' },
  unit: 's' | 'ms' = 'ms',
): void {
  const { from, to } = range;
  if (from >= to) {
    throw new AppError(
      'invalid_time_range',
      `The range ends (${when(to)}) ${from === to ? 'where' : 'before'} it starts (${when(from)}).`,
      {
        field: names.to,
        hint: `Make “${names.to}” later than “${names.from}”; the moment “${names.to}” itself is not included.`,
      },
    );
  }
  if (from > now + aheadMs) {
    throw new AppError('invalid_time_range', `The range starts in the future (${when(from)}).`, {
      field: names.from,
      // Milliseconds read as seconds land thousands of years ahead.
      hint: unit === 's' && from / 1000 < now + aheadMs ? `${names.from} is in epoch seconds; divide by 1000.` : 'Start it now or earlier.',
    });
  }
}

function when(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}
