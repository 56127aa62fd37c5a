import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '#common/contract/errors.ts';
import { defaultDataDir } from '#core/launcher/data-dir.ts';

export interface DesktopOptions {
  dataDir: string;
  /** A backend that runs elsewhere. */
  backendUrl?: string;
}

/**
 * Reads the flags that are the console's own; Chromium's, and what the operating system passes, stand beside them.
 * @throws AppError validation_failed naming the flag
 */
export function readDesktopOptions(args: readonly string[]): DesktopOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: { data: { type: 'string' }, backend: { type: 'string' } },
  });
  const { data, backend } = values;
  if (data === true || data === '') throw new AppError('validation_failed', '--data needs a folder.', { field: 'data' });
  if (backend !== undefined && !(typeof backend === 'string' && /^https?:$/.test(URL.parse(backend)?.protocol ?? '')))
    throw new AppError('validation_failed', '--backend needs an address that starts with http:// or https://.', { field: 'backend' });
  return {
    dataDir: resolve(typeof data === 'string' ? data : defaultDataDir()),
    ...(typeof backend === 'string' ? { backendUrl: backend } : {}),
  };
}
