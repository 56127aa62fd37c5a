import { charts, maxQueryPoints, type SeriesData, type SeriesQuery } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Engines } from '../../engines/port.ts';
import { type MakeService, routes } from '../service.ts';
import { checkTimeRange } from '../time-range.ts';
import { chartVersions, ship } from '../versions.ts';
import { definitionHandlers } from './definitions.ts';
import { shippedCharts } from './shipped.ts';

/** Queries of one batch that run at once. */
const atOnce = 8;
/** Most points one answer carries over all its queries: about 25 MB of JSON. */
const mostPoints = 1_000_000;

type Result = { ok: true; series: SeriesData[] } | { ok: false; code: string; message: string; hint?: string };

/** Chart definitions and the data behind them. */
export const makeCharts: MakeService = (engines) => ({
  name: 'charts',
  routes: routes(charts, {
    ...definitionHandlers(engines),
    data: async ({ body, signal }) => {
      const asOf = engines.now();
      return { asOf, results: await answerAll(engines, body.queries, signal) };
    },
    columns: async ({ body }) => {
      checkTimeRange(body, engines.now());
      const asOf = engines.now();
      const lines = await engines.signals.columns(body);
      const series = lines.map(({ labels, column, from, to, first, last, min, max }) => ({
        labels,
        column: [...column],
        from: [...from],
        to: [...to],
        first: [...first],
        last: [...last],
        min: [...min],
        max: [...max],
      }));
      return { asOf, series };
    },
  }),
  start: () => engines.database.transaction((tx) => ship(tx, chartVersions(engines), shippedCharts)),
  stop: async () => {},
  health: () => ({ name: 'charts', status: 'up' }),
});

async function answerAll(engines: Engines, queries: readonly SeriesQuery[], signal: AbortSignal): Promise<Result[]> {
  const results: Result[] = [];
  let left = mostPoints;
  for (let start = 0; start < queries.length; start += atOnce) {
    signal.throwIfAborted();
    const group = queries.slice(start, start + atOnce);
    const share = Math.min(maxQueryPoints, Math.floor(left / group.length));
    for (const result of await Promise.all(group.map((query) => answer(engines, query, share)))) {
      results.push(result);
      if (result.ok) left -= result.series.reduce((sum, one) => sum + one.t.length, 0);
    }
  }
  return results;
}

async function answer({ signals, now }: Engines, query: SeriesQuery, maxPoints: number): Promise<Result> {
  try {
    checkTimeRange(query, now());
    const lines = await signals.query({ ...query, maxPoints });
    return { ok: true, series: lines.map(({ labels, t, v }) => ({ labels, t: [...t], v: [...v] })) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
}
