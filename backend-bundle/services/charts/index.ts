import { chartDefinition, charts, maxQueryPoints, type SeriesData, type SeriesQuery } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Engines } from '../../engines/port.ts';
import { type MakeService, routes } from '../service.ts';
import { checkTimeRange } from '../time-range.ts';
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
    list: async () => ({ items: await listCharts(engines) }),
    data: async ({ body, signal }) => {
      const asOf = engines.now();
      return { asOf, results: await answerAll(engines, body.queries, signal) };
    },
  }),
  start: () => seedCharts(engines),
  stop: async () => {},
  health: () => ({ name: 'charts', status: 'up' }),
});

/** A shipped chart is added where it is missing and left as it is where it is not. */
async function seedCharts({ database, now }: Engines): Promise<void> {
  await database.query
    .insertInto('charts')
    .values(shippedCharts.map((definition) => ({ code: definition.code, definition: JSON.stringify(definition), updated_at: now() })))
    .onConflict((conflict) => conflict.column('code').doNothing())
    .execute();
}

async function listCharts({ database }: Engines) {
  const rows = await database.query.selectFrom('charts').select('definition').execute();
  const order = (pinned: number | undefined) => pinned ?? Number.MAX_SAFE_INTEGER;
  return rows
    .map((row) => chartDefinition.parse(JSON.parse(row.definition)))
    .toSorted((a, b) => order(a.pinned) - order(b.pinned) || a.title.localeCompare(b.title, 'en'));
}

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
    return { ok: true, series: await signals.query({ ...query, maxPoints }) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
}
