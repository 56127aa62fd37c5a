import type { DashboardDraft } from '#common/contract/console/dashboards.ts';
import type { DashboardBody } from '#common/contract/dashboards.ts';
import { dashboardBody } from '#common/contract/dashboards.ts';
import type { ReadableDb, WritableDb } from '../database/connection.ts';
import { all, get, run } from '../database/connection.ts';

interface Key {
  connectionId: string;
  code: string;
}
interface Row {
  body: string;
  version: number | null;
  changedAt: number;
}

const idOf = ({ connectionId, code }: Key): string => `${connectionId}/${code}`;

/** @throws when an older console stored a draft that can no longer be read: a draft must not be mistaken for absent */
function draft(db: ReadableDb, key: Key): DashboardDraft | null {
  const row = get<Row>(db, 'SELECT body, base_version AS version, changed_at AS changedAt FROM dashboard_drafts WHERE id = @id', {
    id: idOf(key),
  });
  return row === undefined ? null : { ...row, body: dashboardBody.parse(JSON.parse(row.body)) };
}

/** Returns the drafts of a connection, last changed first. */
function drafts(db: ReadableDb, { connectionId }: { connectionId: string }): { code: string; title: string; changedAt: number }[] {
  return all<{ code: string; title: string; changedAt: number }>(
    db,
    `SELECT code, json_extract(body, '$.title') AS title, changed_at AS changedAt FROM dashboard_drafts
     WHERE connection_id = @connectionId ORDER BY changed_at DESC`,
    { connectionId },
  );
}

function keepDraft(
  db: WritableDb,
  { connectionId, body, version, now }: { connectionId: string; body: DashboardBody; version: number | null; now: number },
): void {
  run(
    db,
    `INSERT INTO dashboard_drafts (id, connection_id, code, body, base_version, changed_at)
     VALUES (@id, @connectionId, @code, @body, @version, @now)
     ON CONFLICT (id) DO UPDATE SET body = excluded.body, base_version = excluded.base_version, changed_at = excluded.changed_at`,
    { id: idOf({ connectionId, code: body.code }), connectionId, code: body.code, body: JSON.stringify(body), version, now },
  );
}

/** @returns whether there was one */
function dropDraft(db: WritableDb, key: Key): boolean {
  return run(db, 'DELETE FROM dashboard_drafts WHERE id = @id', { id: idOf(key) }) > 0;
}

export const draftOperations = { reads: { draft, drafts }, writes: { keepDraft, dropDraft } };
