import type { Notice } from '#common/contract/console/settings.ts';

/** Where a notice leads: to its alert, to all of a storm, to the outbox for a refused change. */
export function placeOf(notice: Notice): { to: string; params?: Record<string, string>; search?: Record<string, string> } {
  const only = notice.alertIds[0];
  if (notice.kind === 'conflict') return { to: '/settings', search: { section: 'outbox' } };
  if (only === undefined || notice.alertIds.length > 1) return { to: '/alerts' };
  return { to: '/alerts/$connection/$id', params: { connection: notice.connectionId, id: only } };
}
