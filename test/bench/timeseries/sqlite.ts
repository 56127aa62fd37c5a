import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { stepMs } from './data.ts';
import { liveSeries, ownMemory, type Peer, pixelColumns } from './store.ts';

const batch = 5_000;
const layouts = {
  'SQLite rows, id and index': [
    'CREATE TABLE points (id INTEGER PRIMARY KEY, series INTEGER, t INTEGER, v REAL)',
    'CREATE UNIQUE INDEX p ON points (series, t)',
  ],
  'SQLite rows, WITHOUT ROWID': ['CREATE TABLE points (series INTEGER, t INTEGER, v REAL, PRIMARY KEY (series, t)) WITHOUT ROWID'],
};

/** A row a point, the way most programs do it: WAL, prepared statements, batches in transactions, every commit on the disk. */
export const sqlite: Peer[] = Object.entries(layouts).map(([name, statements]) => ({
  name,
  missing: () => null,
  async open(folder) {
    const file = join(folder, 'points.db');
    const open = () => {
      const db = new Database(file);
      for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'cache_size = -64000']) db.pragma(pragma);
      return db;
    };
    let db = open();
    for (const statement of statements) db.exec(statement);
    const add = 'INSERT INTO points (series, t, v) VALUES (?, ?, ?)';
    return {
      async load(data) {
        const insert = db.prepare(add);
        const write = db.transaction((s: number, first: number) => {
          const values = data.values[s] as Float64Array;
          for (let i = first; i < Math.min(first + batch, data.perSeries); i++) insert.run(s, data.from + i * stepMs, values[i]);
        });
        for (let first = 0; first < data.perSeries; first += batch) for (let s = 0; s < data.series; s++) write(s, first);
        return undefined;
      },
      settle: async () => void db.pragma('wal_checkpoint(TRUNCATE)'),
      bytes: async () => statSync(file).size,
      minutes: async () => db.prepare('SELECT series, t / 60000, avg(v) FROM points GROUP BY 1, 2').raw().all().length,
      lastHour: async ({ to, series }) => {
        const read = db.prepare('SELECT t, v FROM points WHERE series = ? AND t >= ? AND t < ?').raw();
        let points = 0;
        for (let s = 0; s < series; s++) points += read.all(s, to - 3_600_000, to).length;
        return points;
      },
      async pixels({ from, to }) {
        const columns = db.prepare(
          `SELECT px, lo, hi, a.v, b.v FROM
             (SELECT (t - ?) * ${pixelColumns} / ? AS px, min(v) AS lo, max(v) AS hi, min(t) AS t0, max(t) AS t1
              FROM points WHERE series = 0 AND t >= ? AND t < ? GROUP BY px) p
             JOIN points a ON a.series = 0 AND a.t = t0 JOIN points b ON b.series = 0 AND b.t = t1`,
        );
        const bind = [from, to - from, from, to].map(BigInt);
        return columns.raw().all(...bind).length;
      },
      async reopen() {
        db.close();
        db = open();
        db.prepare('SELECT max(t) FROM points WHERE series = 0').pluck().get();
      },
      async tick(at) {
        const insert = db.prepare(add);
        db.transaction(() => {
          for (let s = 0; s < liveSeries; s++) insert.run(1_000_000 + s, at, s / 10);
        })();
      },
      memory: ownMemory,
      close: async () => void db.close(),
    };
  },
}));
