import { z } from 'zod';
import { type Chart, type ChartDefinition, type ChartUsage, chartDefinition, type charts } from '#common/contract/charts.ts';
import { dashboardBody } from '#common/contract/dashboards.ts';
import { AppError } from '#common/contract/errors.ts';
import { ruleInput } from '#common/contract/rules.ts';
import { same } from '#common/versions/shape.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import { actor } from '../people.ts';
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
      const by = actor(caller);
      return database.transaction(async (tx) => reply(await versions.create(tx, body, by)));
    },

    update: async ({ params, body, caller }) => {
      const by = actor(caller);
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
      const by = actor(caller);
      await database.transaction(async (tx) => {
        const chart = await versions.get(tx, params.code);
        const usage = await usageOf(tx, params.code);
        if (usage.dashboards.length + usage.rules.length > 0) throw stillUsed(params.code, usage);
        await versions.remove(tx, chart, by);
      });
    },

    usage: async ({ params }) => {
      await versions.get(database.query, params.code);
      return usageOf(database.query, params.code);
    },

    versions: async ({ params }) => ({ items: await versions.history(database.query, params.code) }),

    version: ({ params }) => versions.at(database.query, params.code, params.version),

    rollback: ({ params, body, caller }) => {
      const by = actor(caller);
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

/** Only what uses the chart now: an earlier version of a dashboard keeps no chart from being deleted. */
async function usageOf(db: Queries | Tx, code: string): Promise<ChartUsage> {
  const [dashboards, rules] = await Promise.all([
    db.selectFrom('dashboards').select('definition').execute(),
    db.selectFrom('rules').select('definition').execute(),
  ]);
  return {
    dashboards: dashboards
      .flatMap(({ definition }) => dashboardBody.safeParse(JSON.parse(definition)).data ?? [])
      .filter(({ panels }) => panels.some((panel) => panel.kind === 'library' && panel.chart === code))
      .map(({ code, title }) => ({ code, title })),
    rules: rules
      .flatMap(({ definition }) => ruleInput.safeParse(JSON.parse(definition)).data ?? [])
      .filter(({ chartCode }) => chartCode === code)
      .map(({ code, name }) => ({ code, name })),
  };
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
