import { uuidv7 } from 'uuidv7';
import type { AnyQueries, Queries } from '../engines/database/port.ts';
import type { Caller } from './service.ts';

export interface AuditEntry {
  /** Who: the caller, or a word for a part of the system ("alerting"). */
  actor: Pick<Caller, 'name'> | string;
  /** What, as `resource.verb`: `loader.paused`. */
  action: string;
  /** On which thing: its code or id. */
  entity: string;
  /** What changed, small and without secrets. */
  detail?: Record<string, unknown>;
  /** When, epoch ms. */
  at: number;
}

/** Writes who did what, in the transaction that did it: neither is ever there without the other. */
export async function audit(db: AnyQueries, entry: AuditEntry): Promise<void> {
  const { actor } = entry;
  // The audit is common to all services, and this is the only thing they do with it.
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
