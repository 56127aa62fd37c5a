import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { problemError } from '#common/words/problems.ts';
import { defaultDataDir } from '#core/launcher/data-dir.ts';

export interface DesktopOptions {
  dataDir: string;
  /** A backend that runs elsewhere. */
  backendUrl?: string;
}

/**
 * Reads the console's own flags, which come mixed with Chromium's and arguments from the operating system.
 * @throws AppError validation_failed naming the flag
 */
export function readDesktopOptions(args: readonly string[]): DesktopOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: { data: { type: 'string' }, backend: { type: 'string' } },
  });
  const { data, backend } = values;
  if (data === true || data === '') throw problemError('flag_needs_folder', { flag: '--data' }, { field: 'data' });
  if (backend !== undefined && !(typeof backend === 'string' && /^https?:$/.test(URL.parse(backend)?.protocol ?? '')))
    throw problemError('flag_needs_address', { flag: '--backend' }, { field: 'backend' });
  return {
    dataDir: resolve(typeof data === 'string' ? data : defaultDataDir()),
    ...(typeof backend === 'string' ? { backendUrl: backend } : {}),
  };
}
