export const sql = `
  -- For which of a question's time the backend said that points are gone or may be, because its store was damaged: charts say so offline too.
  CREATE TABLE series_damage (
    query_id INTEGER NOT NULL REFERENCES series_query(id) ON DELETE CASCADE,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    PRIMARY KEY (query_id, from_ms)
  ) STRICT, WITHOUT ROWID;
`;
