import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adaptiveConditions } from '#common/rules/adaptive.ts';
import { backtest, measureHistory } from '#common/rules/backtest.ts';
import type { PointColumns } from '#common/rules/points.ts';
import type { EvaluatedRule } from '#common/rules/record.ts';
import { dayMs, minuteMs } from '#common/time/durations.ts';
import type { Interval } from '#common/time/intervals.ts';

/**
 * Firings of alert rules on the Numenta Anomaly Benchmark: real series with windows in which people labelled an anomaly. Compares the
 * adaptive template, as a newcomer would set it, with a threshold from the mean and standard deviation of the beginning of each series.
 */
interface LabelledSeries {
  name: string;
  points: PointColumns;
  windows: Interval[];
}

/** One rule's result over all series. */
export interface NabResult {
  rule: string;
  /** Labelled windows with at least one notification in them. */
  caught: number;
  windows: number;
  /** Notifications outside all labelled windows. */
  falseFirings: number;
  /** Median time from the start of a window to its first notification, as a share of the window. */
  medianDelay: number;
}

const everyMs = 5 * minuteMs;
/** The beginning of each series, which no rule is evaluated on, as in the benchmark. */
const warmUpShare = 0.15;

export function runNab(folder: string): NabResult[] {
  const all = readNab(folder);
  return [
    evaluateAll('threshold, mean ± 3 σ of the first 15 %, every crossing', all, thresholdRule, 0),
    evaluateAll('the same, one notification a day', all, thresholdRule, dayMs),
    evaluateAll('adaptive: usual band and usual range, one notification a day', all, adaptiveRule, dayMs),
  ];
}

/** @throws Error when the folder does not hold the benchmark */
function readNab(folder: string): LabelledSeries[] {
  const labels = JSON.parse(readFileSync(join(folder, 'combined_windows.json'), 'utf8')) as Record<string, [string, string][]>;
  const groups = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return groups.flatMap(({ name: group }) =>
    readdirSync(join(folder, group)).map((file) => {
      const name = `${group}/${file}`;
      const rows = readFileSync(join(folder, group, file), 'utf8')
        .trim()
        .split('\n')
        .slice(1);
      const records = rows.map((row) => row.split(',')).map(([time = '', value]) => ({ t: timeOf(time), v: Number(value) }));
      const v = Float64Array.from(records, (record) => record.v);
      const points = { t: Float64Array.from(records, (record) => record.t), last: v, count: v.map(() => 1), sum: v, min: v, max: v };
      return { name, points, windows: (labels[name] ?? []).map(([from, to]) => ({ from: timeOf(from), to: timeOf(to) })) };
    }),
  );
}

/** Times are UTC without saying so, some with microseconds. */
const timeOf = (text: string): number => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);

const base: Omit<EvaluatedRule, 'conditions'> = {
  chartCode: 'nab',
  unit: '',
  match: { kind: 'all' },
  severity: 'HIGH',
  forMs: 0,
  keepFiringForMs: 0,
  onNoData: 'keep',
  onError: 'keep',
  evaluateEveryMs: everyMs,
  suppressMs: 0,
  timeZone: 'UTC',
  delayMs: 0,
};

function thresholdRule({ points }: LabelledSeries): EvaluatedRule {
  const known = Array.from(points.last).slice(0, Math.floor(points.last.length * warmUpShare));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const sigma = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
  const bounds = { operator: 'outside' as const, threshold: mean - 3 * sigma, upper: mean + 3 * sigma };
  return { ...base, conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: everyMs, ...bounds }] };
}

const adaptiveRule = (): EvaluatedRule => ({ ...base, ...adaptiveConditions({ aggregation: 'avg', windowMs: everyMs }) });

function evaluateAll(rule: string, all: LabelledSeries[], ruleFor: (series: LabelledSeries) => EvaluatedRule, quietMs: number): NabResult {
  const result = { rule, caught: 0, windows: 0, falseFirings: 0, medianDelay: 0 };
  const delays: number[] = [];
  for (const series of all) {
    const found = new Map<Interval, number>();
    for (const at of notificationsOf(series, ruleFor(series), quietMs)) {
      const window = series.windows.find(({ from, to }) => at >= from && at <= to);
      if (window === undefined) result.falseFirings += 1;
      else if (!found.has(window)) found.set(window, (at - window.from) / (window.to - window.from));
    }
    result.windows += series.windows.length;
    result.caught += found.size;
    delays.push(...found.values());
  }
  result.medianDelay = delays.sort((a, b) => a - b)[Math.floor(delays.length / 2)] ?? Number.NaN;
  return result;
}

/** Returns the times of the points at which people are notified: when it fires, but not again within `quietMs`. */
function notificationsOf({ points }: LabelledSeries, rule: EvaluatedRule, quietMs: number): number[] {
  const { t } = points;
  const first = (t[Math.floor(t.length * warmUpShare)] as number) + everyMs;
  const times = { from: Math.ceil(first / everyMs) * everyMs, to: (t[t.length - 1] as number) + everyMs, everyMs };
  const notified: number[] = [];
  for (const firing of backtest(rule, measureHistory(rule, {}, points, times))) {
    const quietUntil = (notified.at(-1) ?? Number.NEGATIVE_INFINITY) + quietMs;
    // A firing that outlasts the quiet time is notified when that ends.
    const at = Math.max(firing.from - everyMs, quietUntil);
    if (at < (firing.to ?? times.to)) notified.push(at);
  }
  return notified;
}
