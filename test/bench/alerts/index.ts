import type { Row } from '../row.ts';
import { type NabResult, runNab } from './nab.ts';

/**
 * `npm run bench -- alerts`: how many anomalies rules find in labelled series, and how often they fire for nothing.
 * @param nab folder with the Numenta Anomaly Benchmark; null if there is none here
 */
export async function benchAlerts(say: (text: string) => void, nab: string | null): Promise<Row[]> {
  if (nab === null) {
    say('Labelled series: not measured. Give the folder of the Numenta Anomaly Benchmark: --nab DIR');
    return [];
  }
  const started = performance.now();
  const results = runNab(nab);
  say(`labelled series: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  for (const { rule, caught, windows, falseFirings, medianDelay } of results)
    say(
      `  ${rule}: ${caught} of ${windows} windows, ${falseFirings} false firings, first after ${Math.round(100 * medianDelay)} % of a window`,
    );
  return rowsOf(results);
}

function rowsOf([, daily, adaptive]: NabResult[]): Row[] {
  if (daily === undefined || adaptive === undefined) return [];
  const peer = 'threshold, once a day';
  return [
    {
      work: 'adaptive template: windows caught',
      peer,
      ours: adaptive.caught,
      theirs: daily.caught,
      unit: 'windows',
      ratio: adaptive.caught / daily.caught,
      target: 1,
    },
    {
      work: 'adaptive template: false firings',
      peer,
      ours: adaptive.falseFirings,
      theirs: daily.falseFirings,
      unit: 'firings',
      ratio: daily.falseFirings / adaptive.falseFirings,
      target: 3,
    },
  ];
}
