import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { postgresPrograms, startPostgres } from '../../support/postgres.ts';
import { stepMs } from './data.ts';
import { peakMemory } from './server.ts';
import { liveSeries, type Peer, pixelColumns } from './store.ts';

const dayMs = 86_400_000;

/** A table partitioned by day with a primary key, filled by COPY; live points by one statement of arrays. */
export const postgres: Peer = {
  name: 'PostgreSQL',
  missing: () => (postgresPrograms() === null ? 'not installed (apt-get install postgresql)' : null),
  async open(folder) {
    const server = await startPostgres();
    const url = await server.database('bench');
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('CREATE TABLE points (series int, t bigint, v double precision, PRIMARY KEY (series, t)) PARTITION BY RANGE (t)');
    const partition = async (from: number, to: number) => {
      for (let day = Math.floor(from / dayMs); day * dayMs < to; day++)
        await client.query(
          `CREATE TABLE IF NOT EXISTS p${day} PARTITION OF points FOR VALUES FROM (${day * dayMs}) TO (${(day + 1) * dayMs})`,
        );
    };
    return {
      async load(data) {
        await partition(data.from, data.to + 2 * dayMs);
        const file = join(folder, 'points.csv');
        const out = createWriteStream(file);
        for (let first = 0; first < data.perSeries; first += 1_000) {
          let text = '';
          for (const [s, values] of data.values.entries())
            for (let i = first; i < Math.min(first + 1_000, data.perSeries); i++) text += `${s},${data.from + i * stepMs},${values[i]}\n`;
          if (!out.write(text)) await once(out, 'drain');
        }
        out.end();
        await finished(out);
        const started = performance.now();
        const program = join(postgresPrograms() ?? '', 'psql');
        await promisify(execFile)(program, ['-d', url, '-c', `\\copy points FROM '${file}' (FORMAT csv)`], { cwd: folder });
        return performance.now() - started;
      },
      settle: async () => void (await client.query('VACUUM ANALYZE points')),
      async bytes() {
        const { rows } = await client.query("SELECT sum(pg_total_relation_size(relid)) AS n FROM pg_partition_tree('points')");
        return Number(rows[0].n);
      },
      minutes: async () =>
        (await client.query({ text: 'SELECT series, t / 60000, avg(v) FROM points GROUP BY 1, 2', rowMode: 'array' })).rows.length,
      lastHour: async ({ to }) =>
        (
          await client.query({
            text: 'SELECT series, t, v FROM points WHERE t >= $1 AND t < $2 ORDER BY 1, 2',
            values: [to - 3_600_000, to],
            rowMode: 'array',
          })
        ).rows.length,
      async pixels({ from, to }) {
        const text = `SELECT px, lo, hi, a.v, b.v FROM
            (SELECT (t - ${from}) * ${pixelColumns} / ${to - from} AS px, min(v) AS lo, max(v) AS hi, min(t) AS t0, max(t) AS t1
             FROM points WHERE series = 0 AND t >= ${from} AND t < ${to} GROUP BY px) p
            JOIN points a ON a.series = 0 AND a.t = t0 JOIN points b ON b.series = 0 AND b.t = t1`;
        return (await client.query({ text, rowMode: 'array' })).rows.length;
      },
      async tick(at) {
        await partition(at, at + 1);
        const series = Array.from({ length: liveSeries }, (_, s) => 1_000_000 + s);
        await client.query('INSERT INTO points SELECT s, $2, s::float8 / 10 FROM unnest($1::int[]) AS s', [series, at]);
      },
      // Of the process that answers, the buffers it shares with others included.
      async memory() {
        const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
        return peakMemory(Number(rows[0].pid));
      },
      async close() {
        await client.end();
        await server.close();
      },
    };
  },
};
