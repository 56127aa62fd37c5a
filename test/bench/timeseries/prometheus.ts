import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import { stepMs } from './data.ts';
import { folderBytes, freePort, getJson, isInstalled, type Server, startServer } from './server.ts';
import type { Peer } from './store.ts';

interface Answer {
  data: { result: { values: unknown[] }[] };
}

/** Prometheus over HTTP. It pulls its data and accepts no old points, so it is filled with its own tool and only read. */
export const prometheus: Peer = {
  name: 'Prometheus, HTTP',
  missing: () => (isInstalled('prometheus') && isInstalled('promtool') ? null : 'not installed (apt-get install prometheus)'),
  async open(folder) {
    const data = join(folder, 'data');
    const config = join(folder, 'prometheus.yml');
    writeFileSync(config, 'scrape_configs: []\n');
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    let server: Server | undefined;
    const start = async () => {
      const args = [
        `--config.file=${config}`,
        `--storage.tsdb.path=${data}`,
        '--storage.tsdb.retention.time=10y',
        `--web.listen-address=127.0.0.1:${port}`,
      ];
      server = await startServer('prometheus', args, {}, `${url}/-/ready`);
    };
    const query = async (path: string, parameters: Record<string, string>) => {
      const { data: found } = await getJson<Answer>(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
      return found.result.reduce((sum, { values }) => sum + values.length, 0);
    };
    return {
      async load({ values, from, perSeries }) {
        const file = join(folder, 'points.txt');
        const out = createWriteStream(file);
        out.write('# TYPE m gauge\n');
        for (const [s, column] of values.entries()) {
          let text = '';
          for (let i = 0; i < perSeries; i++) text += `m{s="${s}"} ${column[i]} ${(from + i * stepMs) / 1000}\n`;
          if (!out.write(text)) await once(out, 'drain');
        }
        out.end('# EOF\n');
        await finished(out);
        await promisify(execFile)('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=24h', file, data]);
        await start();
        return Number.NaN;
      },
      bytes: async () => folderBytes(data),
      minutes: ({ from, to }) =>
        query('query_range', { query: 'avg_over_time(m[1m])', start: String(from / 1000 + 60), end: String(to / 1000), step: '60' }),
      lastHour: ({ to }) => query('query', { query: 'm[1h]', time: String((to - 1) / 1000) }),
      async reopen() {
        await server?.stop();
        await start();
        await getJson(`${url}/api/v1/query?query=up`);
      },
      memory: async () => server?.memory() ?? 0,
      close: async () => void (await server?.stop()),
    };
  },
};
