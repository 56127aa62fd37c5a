import type { DashboardInput } from '#common/contract/dashboards.ts';
import { hourMs } from '#common/time/durations.ts';
import { chart, library, limits } from './panels.ts';

const ofBelt = (loaderCode: string) => ({ from: 'signal', loaderCode, segmentCode: '$belt' }) as const;

/** The reference workload: three belts, and how their readings come in. */
export const conveyor: DashboardInput = {
  code: 'conveyor',
  title: 'Conveyor',
  description: 'Speed, items, rejects and motor current of each belt, and the readings as they are written and loaded.',
  tags: ['conveyor'],
  range: { lastMs: hourMs },
  variables: [{ name: 'belt', label: 'Belt', kind: 'segment', of: 'belt-speed' }],
  panels: [
    chart('speed-now', [0, 0, 12, 4], {
      title: 'Speed now',
      selector: ofBelt('belt-speed'),
      aggregation: 'last',
      unit: 'm/s',
      decimals: 2,
      type: 'stat',
    }),
    chart('rejects-now', [12, 0, 12, 4], {
      title: 'Rejects now',
      selector: ofBelt('belt-rejects'),
      aggregation: 'last',
      unit: 'items/min',
      decimals: 1,
      type: 'stat',
      thresholds: limits([10, 'WARNING'], [15, 'HIGH']),
    }),
    chart('speed', [0, 4, 24, 8], { title: 'Belt speed', selector: ofBelt('belt-speed'), unit: 'm/s' }),
    chart('items', [0, 12, 12, 8], { title: 'Items', selector: ofBelt('belt-items'), unit: 'items/min' }),
    chart('rejects', [12, 12, 12, 8], {
      title: 'Rejects',
      selector: ofBelt('belt-rejects'),
      unit: 'items/min',
      min: 0,
      thresholds: limits([15, 'HIGH']),
    }),
    chart('current', [0, 20, 12, 8], { title: 'Motor current', selector: ofBelt('belt-current'), unit: 'A', type: 'band' }),
    chart('readings', [12, 20, 12, 8], {
      title: 'Readings a minute',
      description: 'How many readings the producer wrote for each belt: 30 while it runs as it should, fewer when it does not.',
      selector: ofBelt('belt-speed'),
      aggregation: 'count',
      bucketMs: 60_000,
      type: 'bar',
      min: 0,
    }),
    library('loader-rows', [0, 28, 12, 7], { loader: 'belt-speed' }),
    library('loader-lag', [12, 28, 12, 7], { loader: 'belt-speed' }),
  ],
};
