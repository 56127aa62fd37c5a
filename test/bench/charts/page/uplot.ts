import uPlot from 'uplot';
import { type Contestant, colorOf, type Line } from './contestant.ts';

/** uPlot, as its author's own benchmarks set it up: columns as they are, no points, no legend. */
export const uplot: Contestant = {
  prepare: (line) => line,
  open(host, prepared) {
    const lines = prepared as readonly Line[];
    const [first] = lines;
    if (!first) throw new Error('a chart needs a line');
    const chart = new uPlot(
      {
        width: host.clientWidth,
        height: host.clientHeight,
        ms: 1,
        legend: { show: false },
        cursor: { show: false },
        series: [{}, ...lines.map((_, i) => ({ stroke: colorOf(i), width: 1, points: { show: false } }))],
      },
      [first.t, ...lines.map((line) => line.v)],
      host,
    );
    return {
      frame: async ({ from, to }) => {
        chart.setScale('x', { min: from, max: to });
        // It draws in a separate microtask.
        await Promise.resolve();
      },
      dispose: () => chart.destroy(),
    };
  },
};
