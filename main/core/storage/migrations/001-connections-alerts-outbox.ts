export const sql = `
  CREATE TABLE connections (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    ca TEXT,
    embedded INTEGER NOT NULL,
    username TEXT,
    role TEXT,
    instance_id TEXT,
    backend_version TEXT,
    last_event_id TEXT,
    last_exchange_at INTEGER,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE alerts (
    connection_id TEXT NOT NULL REFERENCES connections(id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    fired_at INTEGER NOT NULL,
    resolved_at INTEGER,
    body TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    PRIMARY KEY (connection_id, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX alerts_by_time ON alerts (state, fired_at);

  -- The id gives the order. The key makes repeats one: a fresh one only when a person asks for a refused change again,
  -- since a backend repeats its refusal under the old one. A conflict waits for a person; all else is delivered when it can be.
  CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    connection_id TEXT NOT NULL REFERENCES connections(id) ON DELETE CASCADE,
    entity TEXT NOT NULL,
    title TEXT NOT NULL,
    change TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    conflict INTEGER NOT NULL DEFAULT 0,
    next_try_at INTEGER,
    problem TEXT
  ) STRICT;
  CREATE INDEX outbox_in_order ON outbox (connection_id, entity, id);

  -- What was delivered lately, so that it can be undone.
  CREATE TABLE delivered (
    id TEXT PRIMARY KEY,
    connection_id TEXT NOT NULL REFERENCES connections(id) ON DELETE CASCADE,
    change TEXT NOT NULL,
    delivered_at INTEGER NOT NULL
  ) STRICT;

  -- Last copies of what the backend told, as JSON: loaders, rules, charts, ...
  CREATE TABLE seen (
    connection_id TEXT NOT NULL REFERENCES connections(id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    PRIMARY KEY (connection_id, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE settings (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL) STRICT;
`;
