import { z } from 'zod';
import { type Chart, type ChartDefinition, type ChartUsage, chartDefinition, type charts } from '#common/contract/charts.ts';
import { dashboardBody } from '#common/contract/dashboards.ts';
import { AppError } from '#common/contract/errors.ts';
import { ruleInput } from '#common/contract/rules.ts';
import { same } from '#common/versions/shape.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import type { Handler } from '../service.ts';
import { chartVersions, type Kept } from '../versions.ts';

type Handlers = { [N in Exclude<keyof typeof charts, 'data' | 'columns'>]: Handler<(typeof charts)[N]> };

/** Chart definitions: their life, their history, and who uses them. */
export function definitionHandlers(engines: Engines): Handlers {
  const { database } = engines;
  const versions = chartVersions(engines);
  const schema = z.toJSONSchema(chartDefinition, { io: 'input' });

  return {
    list: async () => ({ items: (await versions.list(database.query)).map(reply).toSorted(byPinThenTitle) }),

    get: async ({ params }) => reply(await versions.get(database.query, params.code)),

    schema: () => ({ ...schema }),

    create: async ({ body, caller }) => {
      const by = caller.name;
      return database.transaction(async (tx) => reply(await versions.create(tx, body, by)));
    },

    update: async ({ params, body, caller }) => {
      const by = caller.name;
      const { version, ...rest } = body;
      const next = chartDefinition.parse(rest);
      if (next.code !== params.code) throw codeIsFixed(params.code, next.code);
      return database.transaction(async (tx) => {
        const before = await versions.get(tx, params.code);
        // Nothing to change, or the same change again: its first answer may have been lost on the way.
        if (same(before.body, next)) return reply(before);
        if (before.record.version !== version) throw await versions.conflict(tx, before, version);
        return reply(await versions.replace(tx, before, next, by));
      });
    },

    remove: async ({ params, caller }) => {
      const by = caller.name;
      await database.transaction(async (tx) => {
        const chart = await versions.get(tx, params.code);
        const usage = await usageOf(tx, params.code);
        if (usage.dashboards.length + usage.rules.length > 0) throw stillUsed(params.code, usage);
        await versions.remove(tx, chart, by);
      });
    },

    usages: async () => ({ items: [...(await usages(database.query))].map(([code, usage]) => ({ code, ...usage })) }),

    usage: async ({ params }) => {
      await versions.get(database.query, params.code);
      return usageOf(database.query, params.code);
    },

    versions: async ({ params }) => ({ items: await versions.history(database.query, params.code) }),

    version: ({ params }) => versions.at(database.query, params.code, params.version),

    rollback: ({ params, body, caller }) => {
      const by = caller.name;
      return database.transaction(async (tx) => reply(await versions.rollback(tx, params.code, params.version, body.version, by)));
    },
  };
}

function reply({ body, record }: Kept<ChartDefinition>): Chart {
  return { ...body, ...record };
}

function byPinThenTitle(a: Chart, b: Chart): number {
  const order = ({ pinned }: Chart) => pinned ?? Number.MAX_SAFE_INTEGER;
  return order(a) - order(b) || a.title.localeCompare(b.title, 'en');
}

async function usageOf(db: Queries | Tx, code: string): Promise<ChartUsage> {
  return (await usages(db)).get(code) ?? { dashboards: [], rules: [] };
}

/** What uses each chart now, by its code: an earlier version of a dashboard keeps no chart from being deleted. */
async function usages(db: Queries | Tx): Promise<Map<string, ChartUsage>> {
  const [dashboards, rules] = await Promise.all([
    db.selectFrom('dashboards').select('definition').execute(),
    db.selectFrom('rules').select('definition').execute(),
  ]);
  const all = new Map<string, ChartUsage>();
  const of = (chart: string): ChartUsage => {
    const known = all.get(chart) ?? { dashboards: [], rules: [] };
    all.set(chart, known);
    return known;
  };
  for (const { definition } of dashboards) {
    const dashboard = readable(dashboardBody, definition);
    const shown = new Set(dashboard?.panels.flatMap((panel) => (panel.kind === 'library' ? panel.chart : [])));
    if (dashboard) for (const chart of shown) of(chart).dashboards.push({ code: dashboard.code, title: dashboard.title });
  }
  for (const { definition } of rules) {
    const rule = readable(ruleInput, definition);
    if (rule) of(rule.chartCode).rules.push({ code: rule.code, name: rule.name });
  }
  return all;
}

/** One that cannot be read is told of by the service whose it is. */
function readable<S extends z.ZodType>(schema: S, definition: string): z.output<S> | null {
  try {
    return schema.parse(JSON.parse(definition));
  } catch {
    return null;
  }
}

function stillUsed(code: string, { dashboards, rules }: ChartUsage): AppError {
  const users = [...dashboards.map(({ title }) => `dashboard “${title}”`), ...rules.map(({ name }) => `alert rule “${name}”`)];
  return new AppError('conflict', `Chart “${code}” is used by ${users.join(', ')}.`, {
    hint: 'Take it off these first; GET …/usage lists them.',
  });
}

function codeIsFixed(code: string, wanted: string): AppError {
  return new AppError('validation_failed', `The code of chart “${code}” cannot be changed to “${wanted}”.`, {
    field: 'code',
    hint: 'Dashboards and rules know the chart by its code. Create another chart instead.',
  });
}
