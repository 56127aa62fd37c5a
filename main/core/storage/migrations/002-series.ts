export const sql = `
  -- One row a question: selector, aggregation and bucket width of one connection.
  CREATE TABLE series_query (
    id INTEGER PRIMARY KEY,
    connection_id TEXT NOT NULL REFERENCES connections(id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    UNIQUE (connection_id, key)
  ) STRICT;

  -- Points of one line in one stretch of time: float64 columns of equal length, times ascending.
  CREATE TABLE series_block (
    query_id INTEGER NOT NULL REFERENCES series_query(id) ON DELETE CASCADE,
    labels TEXT NOT NULL,
    start INTEGER NOT NULL,
    t BLOB NOT NULL,
    v BLOB NOT NULL,
    touched_at INTEGER NOT NULL,
    PRIMARY KEY (query_id, start, labels)
  ) STRICT;
  CREATE INDEX series_block_by_use ON series_block (touched_at);

  CREATE TABLE series_coverage (
    query_id INTEGER NOT NULL REFERENCES series_query(id) ON DELETE CASCADE,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    as_of INTEGER NOT NULL,
    PRIMARY KEY (query_id, from_ms)
  ) STRICT, WITHOUT ROWID;
`;
