import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAlerts } from './alerts/index.ts';
import { benchCharts } from './charts/index.ts';
import { benchSoak } from './charts/soak.ts';
import { benchEditor } from './editor/index.ts';
import { benchKiosk } from './kiosk/index.ts';
import { benchLoad } from './load/index.ts';
import { printTable, type Row } from './row.ts';
import { benchStart } from './start/index.ts';
import { benchStorm } from './storm/index.ts';
import { benchTimeseries } from './timeseries/index.ts';

/** `npm run bench -- NAME [--quick] [--json] [--gpu] [--huge] [--nab DIR]`: measures speed on this machine, compared with other products. */
const benches: Record<string, (quick: boolean, say: (text: string) => void, gpu: boolean) => Promise<Row[]>> = {
  timeseries: (quick, say) => benchTimeseries(quick, say, values.huge),
  charts: benchCharts,
  soak: benchSoak,
  kiosk: (quick, say) => benchKiosk(quick, say),
  storm: (quick, say) => benchStorm(quick, say),
  load: (quick, say) => benchLoad(quick, say),
  alerts: (quick, say) => benchAlerts(quick, say, values.nab ?? null),
  editor: (quick, say) => benchEditor(quick, say),
  start: (quick, say) => benchStart(quick, say),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    gpu: { type: 'boolean', default: false },
    huge: { type: 'boolean', default: false },
    nab: { type: 'string' },
  },
});
const bench = benches[positionals[0] ?? ''];
if (!bench) {
  process.stderr.write(`Usage: npm run bench -- ${Object.keys(benches).join('|')} [--quick] [--json] [--gpu] [--huge] [--nab DIR]\n`);
  process.exit(2);
}
const load = () =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
const say = (text: string) => void process.stderr.write(`${text}\n`);
const before = load();
const started = performance.now();
const rows = await bench(values.quick, say, values.gpu);
const seconds = Math.round((performance.now() - started) / 1000);
say(
  `${seconds} s on ${availableParallelism()} cores; load average before ${before}, after ${load()}: on a busy machine trust the ratios, not the figures`,
);
process.stdout.write(`${values.json ? JSON.stringify(rows, null, 2) : printTable(rows)}\n`);
