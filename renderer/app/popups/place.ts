import type { Notice } from '#common/contract/console/settings.ts';
import { type Place, places } from '#renderer/domain/places.ts';

/** Where a notice leads: to its alert, to all of a storm, to the outbox for a refused change. */
export function placeOf(notice: Notice): Place {
  const only = notice.alertIds[0];
  if (notice.kind === 'conflict') return places.settings('outbox');
  if (only === undefined || notice.alertIds.length > 1) return places.alerts();
  return places.alert(notice.connectionId, only);
}
