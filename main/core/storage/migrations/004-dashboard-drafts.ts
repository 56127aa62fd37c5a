export const sql = `
  -- Edits of dashboards that were not saved yet: one a dashboard and connection, with the version they started from. The id names
  -- both, so that a draft can be saved from a damaged file like everything else that exists only here.
  CREATE TABLE dashboard_drafts (
    id TEXT PRIMARY KEY,
    connection_id TEXT NOT NULL REFERENCES connections(id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    body TEXT NOT NULL,
    base_version INTEGER,
    changed_at INTEGER NOT NULL,
    UNIQUE (connection_id, code)
  ) STRICT;
`;
