export const sql = `
  -- Everything a person was told, or would have been; told_key makes each telling happen once.
  CREATE TABLE notices (
    id TEXT PRIMARY KEY,
    told_key TEXT NOT NULL UNIQUE,
    connection_id TEXT NOT NULL REFERENCES connections(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    alert_ids TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    suppressed TEXT,
    read INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX notices_by_time ON notices (at);

  -- Alerts known before this table was: they count as told, so that an update of the console does not pop them up again.
  INSERT INTO notices (id, told_key, connection_id, kind, severity, alert_ids, title, body, at, suppressed, read)
  SELECT id, connection_id || '/' || id || '/fired', connection_id, 'fired', json_extract(body, '$.severity'), json_array(id),
         json_extract(body, '$.ruleName'), '', fired_at, NULL, 1
  FROM alerts;
`;
