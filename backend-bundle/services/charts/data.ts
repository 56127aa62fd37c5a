import { type charts, maxQueryPoints, type SeriesData, type SeriesQuery } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Interval } from '#common/time/intervals.ts';
import type { Engines } from '../../engines/port.ts';
import { damageOf } from '../damaged.ts';
import { streamSeries } from '../series-stream.ts';
import type { Handler } from '../service.ts';
import { checkTimeRange } from '../time-range.ts';

/** Maximum number of queries of one batch that run at once. */
const parallelism = 8;
/** Maximum number of points in one JSON answer, over all its queries: about 25 MB. */
const maxJsonPoints = 1_000_000;

type Result = { ok: true; series: SeriesData[]; damaged?: Interval[] } | { ok: false; code: string; message: string; hint?: string };

/** Charts only need points, which no single service owns. */
type ChartEngines = Pick<Engines, 'signals' | 'now'>;

/** Handlers that return the data of charts. */
export function dataHandlers(engines: ChartEngines): { [N in 'data' | 'columns']: Handler<(typeof charts)[N]> } {
  const { signals, now } = engines;
  return {
    data: {
      json: async ({ body, signal }) => {
        const asOf = now();
        return { asOf, results: await answerAll(engines, body.queries, signal) };
      },
      arrow: ({ body, signal }) => streamSeries(engines, body.queries, signal),
    },
    columns: async ({ body, signal }) => {
      checkTimeRange(body);
      const asOf = now();
      const lines = await signals.columns(body, { signal });
      const series = lines.map(({ labels, ...columns }) => ({
        labels,
        column: Array.from(columns.column),
        from: Array.from(columns.from),
        to: Array.from(columns.to),
        first: Array.from(columns.first),
        last: Array.from(columns.last),
        min: Array.from(columns.min),
        max: Array.from(columns.max),
      }));
      return { asOf, series, ...(await damageOf(signals, body)) };
    },
  };
}

async function answerAll(engines: ChartEngines, queries: readonly SeriesQuery[], signal: AbortSignal): Promise<Result[]> {
  const results: Result[] = [];
  let left = maxJsonPoints;
  for (let start = 0; start < queries.length; start += parallelism) {
    signal.throwIfAborted();
    const group = queries.slice(start, start + parallelism);
    const share = Math.min(maxQueryPoints, Math.floor(left / group.length));
    for (const result of await Promise.all(group.map((query) => answer(engines, query, share, signal)))) {
      results.push(result);
      if (result.ok) left -= result.series.reduce((sum, one) => sum + one.t.length, 0);
    }
  }
  return results;
}

async function answer({ signals }: ChartEngines, query: SeriesQuery, maxPoints: number, signal: AbortSignal): Promise<Result> {
  try {
    checkTimeRange(query);
    const lines = await signals.query({ ...query, maxPoints }, { signal });
    const series = lines.map(({ labels, t, v }) => ({ labels, t: Array.from(t), v: Array.from(v) }));
    return { ok: true, series, ...(await damageOf(signals, query)) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
}
