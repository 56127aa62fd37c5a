import { AppError } from '#common/contract/errors.ts';
import { reservedCodes } from '#common/contract/reserved.ts';

/**
 * Refuses a new code that equals a path segment of the contract, because its address would be unreachable.
 * @param path path of the resource, such as `/api/v1/charts`
 * @throws AppError validation_failed
 */
export function checkNotReserved(what: string, path: string, code: string): void {
  const reserved = reservedCodes(path);
  if (!reserved.has(code)) return;
  throw new AppError('validation_failed', `A ${what} cannot have the code “${code}”: ${path}/${code} is another address of this API.`, {
    field: 'code',
    hint: `Choose another code. Reserved are: ${[...reserved].sort().join(', ')}.`,
  });
}

/**
 * Refuses an update that would change the code of something.
 * @param reason why that isn't possible, and what to do instead
 * @throws AppError validation_failed
 */
export function checkCodeUnchanged(what: string, code: string, wanted: string, reason: string): void {
  if (wanted === code) return;
  throw new AppError('validation_failed', `The code of ${what} “${code}” cannot be changed to “${wanted}”.`, {
    field: 'code',
    hint: reason,
  });
}
