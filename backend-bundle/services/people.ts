import { AppError } from '#common/contract/errors.ts';
import type { Caller } from './service.ts';

/** The name under which a change is kept. @throws AppError token_missing */
export function actor(caller: Caller | null): string {
  if (caller === null) throw new AppError('token_missing', 'Changes carry the name of a person: sign in first.');
  return caller.name;
}
