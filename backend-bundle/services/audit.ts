import { uuidv7 } from 'uuidv7';
import type { AnyQueries, Queries } from '../engines/database/port.ts';
import type { Caller } from './service.ts';

export interface AuditEntry {
  /** The caller who acted, or the name of a service ("alerting"). */
  actor: Pick<Caller, 'name'> | string;
  /** The action, as `resource.verb`: `loader.paused`. */
  action: string;
  /** Code or id of the entity. */
  entity: string;
  /** The change. Must be small and contain no secrets. */
  detail?: Record<string, unknown>;
  /** Time of the action, epoch ms. */
  at: number;
}

/** Appends an audit entry in the transaction of the change, so that neither is stored without the other. */
export async function audit(db: AnyQueries, entry: AuditEntry): Promise<void> {
  const { actor } = entry;
  // The audit log is common to all services; they only append to it.
  await (db as Queries<'engines'>)
    .insertInto('audit')
    .values({
      id: uuidv7(),
      at: entry.at,
      actor: typeof actor === 'string' ? actor : actor.name,
      action: entry.action,
      entity: entry.entity,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute();
}
