import type Database from 'better-sqlite3';
import { blobCrc, DamagedFileError, rowCrc } from './row-crc.ts';

/** A write as it is stored in the log. */
export interface LogRow {
  seq: number;
  /** Number of the previous write in the log; 0 for the first. */
  prev: number;
  crc: number;
  data: Buffer;
}

export const logRowFits = ({ seq, prev, crc, data }: LogRow) => blobCrc('wal', [seq, prev], data) === crc;

/**
 * Numbers that the store keeps: `seq` of the last write, `sealed_at` (ms), `log_from` (the first write that the log needs) and `logged`
 * (the last write in it), `series` (how many there are). The last three show whether anything is missing from what was saved of a damaged
 * file.
 */
export type StateKey = 'seq' | 'sealed_at' | 'log_from' | 'logged' | 'series';

/** The log of writes that are in no chunk yet, and the store's state. Writes must run in a transaction. */
export class WriteLog {
  /** Bytes added since the log was last truncated. */
  added = 0;
  #last = 0;
  readonly #sql;

  constructor(db: Database.Database) {
    const prepare = (text: string) => db.prepare(text);
    this.#sql = {
      add: prepare('INSERT INTO wal (seq, prev, crc, data) VALUES (?, ?, ?, ?)'),
      cut: prepare('DELETE FROM wal WHERE seq < ?'),
      read: prepare('SELECT seq, prev, crc, data FROM wal ORDER BY seq'),
      first: prepare('SELECT min(seq) FROM wal').pluck(),
      last: prepare('SELECT max(seq) FROM wal').pluck(),
      bytes: prepare('SELECT total(length(data)) FROM wal').pluck(),
      setState: prepare('INSERT OR REPLACE INTO state (key, value, crc) VALUES (?, ?, ?)'),
      state: prepare('SELECT value, crc FROM state WHERE key = ?').raw(),
    };
    this.reload();
  }

  /** Returns the number of the last write in the log; 0 when it is empty. */
  get last(): number {
    return this.#last;
  }

  get bytes(): number {
    return this.#sql.bytes.get() as number;
  }

  /** Reloads the state from the file after a transaction has failed. */
  reload(): void {
    this.#last = (this.#sql.last.get() as number | null) ?? 0;
  }

  add(seq: number, data: Uint8Array): void {
    this.#sql.add.run(seq, this.#last, blobCrc('wal', [seq, this.#last], data), data);
    this.setState('logged', seq);
    this.#last = seq;
    this.added += data.length;
  }

  /** Removes all writes before `keep`. */
  cut(keep: number): void {
    this.#sql.cut.run(keep);
    this.setState('log_from', keep);
    this.added = 0;
  }

  /** Returns the number of the first write in the log; that of the next write when it is empty. */
  get first(): number {
    return (this.#sql.first.get() as number | null) ?? this.#last + 1;
  }

  rows(): Iterable<LogRow> {
    return this.#sql.read.iterate() as Iterable<LogRow>;
  }

  /** @throws DamagedFileError */
  state(key: StateKey): number | null {
    const row = this.#sql.state.get(key) as [value: number, crc: number] | undefined;
    if (row === undefined) return null;
    if (rowCrc('state', [row[0]], key) !== row[1])
      throw new DamagedFileError(`“${key}” of the series file is damaged: its checksum does not fit.`);
    return row[0];
  }

  setState(key: StateKey, value: number): void {
    this.#sql.setState.run(key, value, rowCrc('state', [value], key));
  }
}
