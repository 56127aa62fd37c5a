import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Data, stepMs } from './data.ts';
import { folderBytes, freePort, getJson, isInstalled, startServer } from './server.ts';
import { liveSeries, type Peer, pixelColumns } from './store.ts';

const batch = 10_000;
interface Answer {
  results: { series?: { values: unknown[][] }[]; error?: string }[];
}

/** InfluxDB 1.x over HTTP, line protocol, writes to its log synced as it does by default. */
export const influxdb: Peer = {
  name: 'InfluxDB, HTTP',
  missing: () => (isInstalled('influxd') ? null : 'not installed (apt-get install influxdb)'),
  async open(folder) {
    const port = await freePort();
    const env = {
      INFLUXDB_META_DIR: join(folder, 'meta'),
      INFLUXDB_DATA_DIR: join(folder, 'data'),
      INFLUXDB_DATA_WAL_DIR: join(folder, 'wal'),
      INFLUXDB_DATA_CACHE_SNAPSHOT_WRITE_COLD_DURATION: '1s',
      INFLUXDB_DATA_COMPACT_FULL_WRITE_COLD_DURATION: '1s',
      INFLUXDB_DATA_QUERY_LOG_ENABLED: 'false',
      INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${port}`,
      INFLUXDB_HTTP_LOG_ENABLED: 'false',
      INFLUXDB_BIND_ADDRESS: `127.0.0.1:${await freePort()}`,
      INFLUXDB_REPORTING_DISABLED: 'true',
      INFLUXDB_MONITOR_STORE_ENABLED: 'false',
    };
    const url = `http://127.0.0.1:${port}`;
    const start = () => startServer('influxd', ['run'], env, `${url}/ping`);
    let server = await start();
    const query = async (q: string) => {
      const { results } = await getJson<Answer>(`${url}/query?${new URLSearchParams({ db: 'bench', epoch: 'ms', q })}`, { method: 'POST' });
      const [result] = results;
      if (result?.error) throw new Error(result.error);
      return (result?.series ?? []).reduce((sum, { values }) => sum + values.length, 0);
    };
    const write = async (body: string) => {
      const answer = await fetch(`${url}/write?db=bench&precision=ms`, { method: 'POST', body });
      if (!answer.ok) throw new Error(await answer.text());
    };
    const between = ({ from, to }: Pick<Data, 'from' | 'to'>) => `time >= ${from}ms AND time < ${to}ms`;
    await query('CREATE DATABASE bench');
    return {
      async load(data) {
        let sending = 0;
        for (let first = 0; first < data.perSeries; first += batch) {
          for (const [s, values] of data.values.entries()) {
            let body = '';
            for (let i = first; i < Math.min(first + batch, data.perSeries); i++)
              body += `m,s=${s} v=${values[i]} ${data.from + i * stepMs}\n`;
            const started = performance.now();
            await write(body);
            sending += performance.now() - started;
          }
        }
        return sending;
      },
      async settle() {
        // It compacts after a second without writes; the size shows when that is done.
        for (let before = -1, now = 0; before !== now; ) {
          await sleep(1_500);
          before = now;
          now = folderBytes(join(folder, 'data')) + folderBytes(join(folder, 'wal'));
        }
      },
      // Without the index of series, whose files are as large for one point.
      bytes: async () => folderBytes(join(folder, 'data', 'bench', 'autogen')),
      minutes: (data) => query(`SELECT mean(v) FROM m WHERE ${between(data)} GROUP BY time(1m), s`),
      lastHour: (data) => query(`SELECT v FROM m WHERE ${between({ from: data.to - 3_600_000, to: data.to })} GROUP BY s`),
      pixels: (data) => {
        const width = Math.ceil((data.to - data.from) / pixelColumns);
        return query(`SELECT first(v), last(v), min(v), max(v) FROM m WHERE s = '0' AND ${between(data)} GROUP BY time(${width}ms)`);
      },
      async reopen() {
        await server.stop();
        server = await start();
        await query("SELECT last(v) FROM m WHERE s = '0'");
      },
      tick: (at) => write(Array.from({ length: liveSeries }, (_, s) => `live,s=${s} v=${s / 10} ${at}\n`).join('')),
      memory: async () => server.memory(),
      close: () => server.stop(),
    };
  },
};
