import type { Row } from '../row.ts';
import { type NabResult, runNab } from './nab.ts';
import { measureRedraw } from './redraw.ts';
import { measureRounds } from './scale.ts';

/** Maximum duration of a round with 10,000 rules, ms. */
const roundTargetMs = 5_000;

/**
 * `npm run bench -- alerts`: how long a backend takes to evaluate many rules once, how long the rule editor takes to redraw a backtest, how many anomalies rules find in labelled series, and
 * how often they fire for nothing.
 * @param nab folder with the Numenta Anomaly Benchmark; null if there is none here
 */
export async function benchAlerts(quick: boolean, say: (text: string) => void, nab: string | null): Promise<Row[]> {
  const rows: Row[] = [];
  for (const rules of quick ? [100, 1_000] : [100, 1_000, 10_000]) rows.push(...(await benchRounds(rules, say)));
  return [...rows, ...(await benchRedraw(1, 100, say)), ...(await benchRedraw(50, 1_000, say)), ...benchLabelled(say, nab)];
}

async function benchRounds(rules: number, say: (text: string) => void): Promise<Row[]> {
  const { firstMs, steadyMs } = await measureRounds(rules);
  const count = rules.toLocaleString('en-US');
  const perSecond = Math.round((1_000 * rules) / steadyMs).toLocaleString('en-US');
  say(`${count} rules: first round ${Math.round(firstMs)} ms, then ${Math.round(steadyMs)} ms (${perSecond} rules/s)`);
  const allowed = (roundTargetMs * rules) / 10_000;
  return [row(`${count} rules: first round`, firstMs, allowed), row(`${count} rules: a round`, steadyMs, allowed)];
}

const row = (work: string, ours: number, allowed: number): Row => ({
  work,
  peer: '10,000 rules in 5 s',
  ours,
  theirs: allowed,
  unit: 'ms',
  ratio: allowed / ours,
  target: 1,
});

/** @param allowed maximum duration, ms */
async function benchRedraw(series: number, allowed: number, say: (text: string) => void): Promise<Row[]> {
  const { redrawMs, longestMs, firings } = await measureRedraw(series);
  say(`${series} series over 30 days: ${firings} firings in ${Math.round(redrawMs)} ms, at most ${Math.round(longestMs)} ms at a time`);
  return [
    { ...row(`backtest of ${series} series redrawn`, redrawMs, allowed), peer: `${allowed} ms` },
    { ...row(`… screen busy at a time`, longestMs, 100), peer: '100 ms' },
  ];
}

function benchLabelled(say: (text: string) => void, nab: string | null): Row[] {
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
