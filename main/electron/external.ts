import { problemError } from '#common/words/problems.ts';
import type { DesktopApi } from './api.ts';

const allowed = new Set(['http:', 'https:', 'mailto:']);

/**
 * The one way out of the console: opens web pages and mail in the person's own programs. Other schemes could start anything.
 * @throws AppError forbidden for other schemes
 */
export async function openExternal(shell: DesktopApi['shell'], url: string): Promise<void> {
  const parsed = URL.parse(url);
  if (!parsed || !allowed.has(parsed.protocol)) throw problemError('link_not_opened', {}, { field: 'url' });
  await shell.openExternal(parsed.href);
}
