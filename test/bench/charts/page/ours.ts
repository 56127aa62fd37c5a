import { Plot, type PlotLine, plainState } from '#renderer/charts/engine/index.ts';
import { type Contestant, colorOf, type Line } from './contestant.ts';

/** Lines as the console draws them, one pixel wide as those of the others. */
export function plainLines(count: number): PlotLine[] {
  return Array.from({ length: count }, (_, i) => ({ id: `line-${i}`, name: `Line ${i}`, color: colorOf(i), width: 1 }));
}

/** Our engine: the columns are handed to its worker; what is drawn is asked of it. */
export const ours: Contestant = {
  // Lines of one chart share their times; what is handed over can't be shared.
  prepare: ({ t, v }) => ({ t: t.slice(), v }),
  async open(host, prepared) {
    const lines = prepared as readonly Line[];
    const t = lines[0]?.t ?? new Float64Array();
    const [from, to] = [t[0] ?? 0, t[t.length - 1] ?? 0];
    const plot = new Plot(host, { state: plainState(plainLines(lines.length)) });
    const coarse = plot.next();
    for (const [i, line] of lines.entries()) plot.put(`line-${i}`, { times: line.t, values: line.v, bucketMs: 0 });
    const exact = plot.shown(from, to);
    await coarse;
    return {
      frame: async (sight) => {
        await plot.shown(sight.from, sight.to);
      },
      settled: async () => {
        await exact;
      },
      dispose: () => plot.dispose(),
    };
  },
};
