export const sql = `
  -- Points are kept as chunks of the time-series engine now, a fifth of the size and with a checksum. What was cached as columns of
  -- float64 is dropped with the knowledge of having read it: it is read again from the backend when it is looked at.
  DROP TABLE series_block;
  DROP TABLE series_coverage;
  CREATE TABLE series_block (
    query_id INTEGER NOT NULL REFERENCES series_query(id) ON DELETE CASCADE,
    labels TEXT NOT NULL,
    start INTEGER NOT NULL,
    chunk BLOB NOT NULL,
    crc INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    PRIMARY KEY (query_id, start, labels)
  ) STRICT;
  CREATE INDEX series_block_by_use ON series_block (touched_at);

  -- Touching readings become one row: as_of is when the newest of them was made, read_at the oldest.
  CREATE TABLE series_coverage (
    query_id INTEGER NOT NULL REFERENCES series_query(id) ON DELETE CASCADE,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    as_of INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    PRIMARY KEY (query_id, from_ms)
  ) STRICT, WITHOUT ROWID;
`;
