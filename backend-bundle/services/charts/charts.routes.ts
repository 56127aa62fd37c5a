import { z } from 'zod';
import { type Chart, type ChartDefinition, type ChartUsage, chartDefinition, charts } from '#common/contract/charts.ts';
import type { ReplyOf, RequestOf } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import { same } from '#common/versions/shape.ts';
import type { Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import { checkCodeUnchanged } from '../codes.ts';
import { type Peers, serviceCaller } from '../peers.ts';
import { type Handler, type Route, routes } from '../service.ts';
import { chartVersions, type Versioned, type Versions } from '../versions.store.ts';
import { dataHandlers } from './data.ts';

type Handlers = { [N in Exclude<keyof typeof charts, 'data' | 'columns'>]: Handler<(typeof charts)[N]> };

const codeIsFixed = 'Dashboards and rules know the chart by its code. Create another chart instead.';

/** Chart definitions and the data behind them. */
export function chartRoutes(engines: Engines<'charts'>, peers: Peers): Route[] {
  return routes(charts, { ...definitionHandlers(engines, peers), ...dataHandlers(engines) });
}

/** Chart definitions: creation, changes, deletion, versions and usage. */
function definitionHandlers(engines: Engines<'charts'>, peers: Peers): Handlers {
  const { database } = engines;
  const versions = chartVersions(engines);

  return {
    list: async () => ({ items: (await versions.list(database.query)).map(reply).toSorted(byPinThenTitle) }),

    get: async ({ params }) => reply(await versions.get(database.query, params.code)),

    // Made for each request: they are rare, and every start of a backend would pay for one made beforehand.
    schema: () => ({ ...z.toJSONSchema(chartDefinition, { io: 'input' }) }),

    create: ({ body, caller, commit }) => {
      const by = caller.name;
      return commit(database, async (tx) => reply(await versions.create(tx, body, by)));
    },

    update: async ({ params, body, caller, commit }) => {
      const by = caller.name;
      const { version, ...rest } = body;
      const next = chartDefinition.parse(rest);
      checkCodeUnchanged('chart', params.code, next.code, codeIsFixed);
      return commit(database, async (tx) => {
        const before = await versions.get(tx, params.code);
        // Nothing changes, or the request is a repeat whose first reply was lost.
        if (same(before.body, next)) return reply(before);
        if (before.record.version !== version) throw await versions.conflict(tx, before, version);
        return reply(await versions.replace(tx, before, next, by));
      });
    },

    import: ({ body, caller, commit }) => commit(database, async (tx) => ({ items: await importCharts(tx, versions, body, caller.name) })),

    // A dashboard or rule may start to use the chart between the check and the deletion. It then reports that its chart is missing.
    remove: async ({ params, caller, commit }) => {
      await versions.get(database.query, params.code);
      const usage = await usageOf(peers, params.code);
      if (usage.dashboards.length + usage.rules.length > 0) throw stillUsed(params.code, usage);
      await commit(database, async (tx) => versions.remove(tx, await versions.get(tx, params.code), caller.name));
    },

    usages: async () => ({ items: [...(await usages(peers))].map(([code, usage]) => ({ code, ...usage })) }),

    usage: async ({ params }) => {
      await versions.get(database.query, params.code);
      return usageOf(peers, params.code);
    },

    versions: async ({ params }) => ({ items: await versions.history(database.query, params.code) }),

    version: ({ params }) => versions.at(database.query, params.code, params.version),

    rollback: ({ params, body, caller, commit }) => {
      const by = caller.name;
      return commit(database, async (tx) => reply(await versions.rollback(tx, params.code, params.version, body.version, by)));
    },
  };
}

type Import = ReplyOf<typeof charts.import>['items'];

/** Reports which charts are new here and which differ; `keep` stores the new ones. A chart that is here already is never changed. */
async function importCharts(
  tx: Tx<'charts'>,
  versions: Versions<ChartDefinition, 'charts'>,
  { charts: imported, keep }: RequestOf<typeof charts.import>['body'],
  by: string,
): Promise<Import> {
  const items: Import = [];
  for (const chart of imported) {
    const here = await versions.find(tx, chart.code);
    if (here === null && keep) await versions.create(tx, chart, by, 'imported');
    items.push({ code: chart.code, outcome: here === null ? 'created' : same(here.body, chart) ? 'same' : 'differs' });
  }
  return items;
}

function reply({ body, record }: Versioned<ChartDefinition>): Chart {
  return { ...body, ...record };
}

function byPinThenTitle(a: Chart, b: Chart): number {
  const order = ({ pinned }: Chart) => pinned ?? Number.MAX_SAFE_INTEGER;
  return order(a) - order(b) || a.title.localeCompare(b.title, 'en');
}

async function usageOf(peers: Peers, code: string): Promise<ChartUsage> {
  return (await usages(peers)).get(code) ?? { dashboards: [], rules: [] };
}

/**
 * Returns what uses each chart now, by its code. An earlier version of a dashboard does not block the deletion of a chart.
 * @throws AppError unavailable when one of the services that use charts does not answer
 */
async function usages(peers: Peers): Promise<Map<string, ChartUsage>> {
  const { dashboards, rules } = peers.as(serviceCaller('charts'));
  const [shown, evaluated] = await Promise.all([dashboards.chartUsage(), rules.chartUsage()]);
  const all = new Map<string, ChartUsage>();
  const of = (chart: string): ChartUsage => {
    const known = all.get(chart) ?? { dashboards: [], rules: [] };
    all.set(chart, known);
    return known;
  };
  for (const { code, title, charts } of shown.items) for (const chart of charts) of(chart).dashboards.push({ code, title });
  for (const { code, name, chartCode } of evaluated.items) of(chartCode).rules.push({ code, name });
  return all;
}

function stillUsed(code: string, { dashboards, rules }: ChartUsage): AppError {
  const users = [...dashboards.map(({ title }) => `dashboard “${title}”`), ...rules.map(({ name }) => `alert rule “${name}”`)];
  return new AppError('conflict', `Chart “${code}” is used by ${users.join(', ')}.`, {
    hint: 'Take it off these first; GET …/usage lists them.',
  });
}
