import { problemError } from '#common/words/problems.ts';
import type { DesktopApi } from './api.ts';

const allowed = new Set(['http:', 'https:', 'mailto:']);

/**
 * Opens web pages and mail addresses in the user's own programs. Other schemes are refused, because they could start anything.
 * @throws AppError forbidden for other schemes
 */
export async function openExternal(shell: DesktopApi['shell'], url: string): Promise<void> {
  const parsed = URL.parse(url);
  if (!parsed || !allowed.has(parsed.protocol)) throw problemError('link_not_opened', {}, { field: 'url' });
  await shell.openExternal(parsed.href);
}
