import type { Notice } from '#common/contract/console/settings.ts';
import { type Place, places } from '#renderer/domain/places.ts';

/** Returns where a notice links to: its alert, the alerts of a storm, or the outbox for a rejected change. */
export function placeOf(notice: Notice): Place {
  const only = notice.alertIds[0];
  if (notice.kind === 'conflict') return places.settings('outbox');
  if (only === undefined || notice.alertIds.length > 1) return places.alerts();
  return places.alert(notice.connectionId, only);
}
