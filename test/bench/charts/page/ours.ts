import { Plot, type PlotLine, plainState } from '#renderer/charts/engine/index.ts';
import { type Contestant, colorOf, type Line } from './contestant.ts';

/** Points of one piece of a line that arrives piece by piece, as it does from the cache. */
const pieceLength = 1_000_000;
const longest = 10_000_000;

/** Lines as the console draws them, one pixel wide as those of the others. */
export function plainLines(count: number): PlotLine[] {
  return Array.from({ length: count }, (_, i) => ({ id: `line-${i}`, name: `Line ${i}`, color: colorOf(i), width: 1 }));
}

/** Hands a line over to the plot: whole, or in pieces where it is long. */
function give(plot: Plot, id: string, { t, v }: Line): void {
  if (v.length <= longest) plot.put(id, { times: t, values: v, bucketMs: 0 });
  else
    for (let start = 0; start < v.length; start += pieceLength)
      plot.append(id, t.slice(start, start + pieceLength), v.slice(start, start + pieceLength));
}

/** Our engine: the columns are handed to its worker; what is drawn is asked of it. */
export const ours: Contestant = {
  // Lines of one chart share their times; what is handed over whole can't be shared.
  prepare: ({ t, v }) => (v.length <= longest ? { t: t.slice(), v } : { t, v }),
  async open(host, prepared) {
    const lines = prepared as readonly Line[];
    const t = lines[0]?.t ?? new Float64Array();
    const [from, to] = [t[0] ?? 0, t[t.length - 1] ?? 0];
    const plot = new Plot(host, { state: plainState(plainLines(lines.length)) });
    const coarse = plot.next();
    for (const [i, line] of lines.entries()) give(plot, `line-${i}`, line);
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
