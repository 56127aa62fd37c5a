import { AppError } from '#common/contract/errors.ts';
import { reservedCodes } from '#common/contract/reserved.ts';

/**
 * Refuses the code of something new where the contract has an address spelt like it, which would hide it.
 * @param path of the resource: `/api/v1/charts`
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
