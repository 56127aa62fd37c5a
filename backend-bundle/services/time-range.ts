import { AppError } from '#common/contract/errors.ts';

/**
 * Checks a range in epoch ms against the limits of the contract. It may be in the future, so that everything stored can be read and
 * deleted.
 * @param names names of the fields in the request
 * @throws AppError invalid_time_range naming the field and the fix
 */
export function checkTimeRange(
  { from, to }: { from: number; to: number },
  names: { from: string; to: string } = { from: 'from', to: 'to' },
): void {
  if (from < to) return;
  const where = from === to ? 'where' : 'before';
  throw new AppError('invalid_time_range', `The range ends (${when(to)}) ${where} it starts (${when(from)}).`, {
    field: names.to,
    hint: `Make “${names.to}” later than “${names.from}”; the moment “${names.to}” itself is not included.`,
  });
}

const when = (ms: number) => new Date(ms).toISOString();
