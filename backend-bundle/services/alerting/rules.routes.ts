import type { Caller } from '#common/contract/auth.ts';
import { AppError } from '#common/contract/errors.ts';
import { rules as contract, type Rule, type RuleInput, type RuleStatus, ruleInput } from '#common/contract/rules.ts';
import { acceptsChart, mayAcceptChart } from '#common/rules/accept-chart.ts';
import { readyRules, readyRulesFor, ruleFromReady } from '#common/rules/ready/index.ts';
import { ruleFileSchema } from '#common/rules/yaml/schema.ts';
import { same } from '#common/versions/shape.ts';
import { detail } from '#common/words/reasons.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import type { ChartLibrary } from '../chart-library.ts';
import { checkCodeUnchanged } from '../codes.ts';
import { type Commit, type Handlers, type Route, routes } from '../service.ts';
import type { Versioned } from '../versions.store.ts';
import { statesByRule } from './alerting.store.ts';
import { listEvaluations } from './evaluation-log.store.ts';
import type { Evaluator } from './evaluator.ts';
import { type EvaluatedChart, Failed, type RuleCharts } from './rule-charts.ts';
import { applyChange, type ChartFacts, firingsByRule, getRule, listRules, type RuleVersions, toReply } from './rules.store.ts';
import { checkTexts } from './texts.ts';
import { resolveAllOfRule } from './transitions.store.ts';
import { withinMs } from './within.ts';

/** How long a change waits for the first evaluation of the rule, ms, so that the reply already has the new state. */
const maxWaitMs = 2_000;

interface Parts {
  evaluator: Evaluator;
  library: ChartLibrary;
  charts: RuleCharts;
  versions: RuleVersions;
}

/** Endpoints of the rules themselves. */
export function ruleRoutes(engines: Engines<'alerting'>, parts: Parts): Route[] {
  const { database, now } = engines;
  const { library, versions, charts } = parts;
  return routes(contract, {
    list: async () => {
      const [all, states, firings] = await Promise.all([
        listRules(database.query, versions),
        statesByRule(database.query, database.unreadable),
        firingsByRule(database.query, now()),
      ]);
      const chartOf = await charts.of(all);
      return { items: all.map((rule) => toReply(rule, states.get(rule.code) ?? [], firings.get(rule.code), factsOf(chartOf(rule)))) };
    },

    get: ({ params }) => currentReply({ ...parts, engines }, params.code),

    schema: () => ruleFileSchema(),

    evaluations: async ({ params, query }) => {
      await versions.get(database.query, params.code);
      return { items: await listEvaluations(database.query, params.code, query) };
    },

    templates: async ({ query }) => {
      if (query.chart === undefined)
        return { items: readyRules.map(({ code, group, check }) => ({ code, group, check: [...check], fit: null, rule: null })) };
      const chart = (await library.fresh()).get(query.chart);
      if (chart === undefined)
        throw new AppError('not_found', `There is no chart "${query.chart}".`, { field: 'chart', hint: 'Name a chart that exists.' });
      const taken = (await versions.list(database.query)).map(({ body }) => body.code);
      const items = readyRulesFor(chart).map(({ ready, fit }) => {
        const rule = ruleFromReady(ready, chart, { language: 'en', taken });
        return { code: ready.code, group: ready.group, check: [...ready.check], fit, rule };
      });
      return { items };
    },

    chartUsage: async () => {
      const all = await versions.list(database.query);
      return { items: all.map(({ body: { code, name, chartCode } }) => ({ code, name, chartCode })) };
    },

    versions: async ({ params }) => ({ items: await versions.history(database.query, params.code) }),

    version: ({ params }) => versions.at(database.query, params.code, params.version),

    ...changeHandlers({ ...parts, engines }),
  });
}

const factsOf = (chart: EvaluatedChart | Failed): ChartFacts | undefined =>
  chart instanceof Failed ? undefined : { newChartVersion: chart.waiting, chartUnit: chart.unit };

/** @throws AppError not_found */
async function currentReply({ engines, versions, charts }: ChangeParts, code: string): Promise<Rule> {
  const reply = await replyWithStates(engines, engines.database.query, versions, code);
  return { ...reply, ...factsOf((await charts.of([reply]))(reply)) };
}

/** Returns a rule without what its chart says about it. @param db the database's `query`, or a transaction */
async function replyWithStates(
  { database, now }: Engines<'alerting'>,
  db: Queries<'alerting'>,
  versions: RuleVersions,
  code: string,
): Promise<Rule> {
  // One after the other: a transaction has one connection.
  const rule = await getRule(db, versions, code);
  const states = await statesByRule(db, database.unreadable, [code]);
  const firings = await firingsByRule(db, now(), code);
  return toReply(rule, states.get(code) ?? [], firings.get(code));
}

type Changes = Pick<typeof contract, 'create' | 'update' | 'setStatus' | 'setStatuses' | 'remove' | 'rollback'>;

interface ChangeParts extends Parts {
  engines: Engines<'alerting'>;
}

function changeHandlers(parts: ChangeParts): Handlers<Changes> {
  const { engines, library, versions } = parts;
  const { database, now } = engines;
  return {
    create: async ({ body, caller, commit }) => {
      checkTexts(body);
      const chartVersion = await versionToPin(library, body);
      return change(parts, body.code, commit, (tx) => versions.create(tx, { ...body, chartVersion }, caller.name));
    },

    update: async ({ params, body, caller, commit }) => {
      const { version, ...rest } = body;
      const next = ruleInput.parse(rest);
      checkTexts(next);
      checkCodeUnchanged('rule', params.code, next.code, 'Alerts and their history are kept under the code. Create another rule instead.');
      const pinned = await pinOfChange(library, (await versions.get(database.query, params.code)).body, next);
      return change(parts, next.code, commit, async (tx) => {
        const before = await versions.get(tx, params.code);
        const after = { ...next, chartVersion: pinned ?? before.body.chartVersion };
        // Nothing changes, or the request is a repeat whose first reply was lost.
        if (same(before.body, after)) return;
        if (before.record.version !== version) throw await versions.conflict(tx, before, version);
        checkMayAccept(before.body, after, caller);
        await replace(parts, tx, before, after, caller.name);
      });
    },

    ...statusHandlers(parts),

    remove: ({ params, caller, commit }) =>
      commit(database, async (tx) => {
        const rule = await versions.get(tx, params.code);
        await resolveAllOfRule(tx, engines, params.code, caller.name, detail('rule_deleted', {}), now());
        await versions.remove(tx, rule, caller.name);
      }),

    rollback: async ({ params, body, caller, commit }) => {
      const { code, version } = params;
      // Versions from before rules had a pin evaluated the newest version of the chart.
      const chartVersion = await versionToPin(library, (await versions.at(database.query, code, version)).body);
      return change(parts, code, commit, async (tx) => {
        const before = await versions.find(tx, code);
        const after = await versions.rollback(tx, code, version, body.version, caller.name, (rule) => ({ ...rule, chartVersion }));
        if (before !== null) checkMayAccept(before.body, after.body, caller);
        await applyChange(tx, engines, { before, after: after.body, by: caller.name, at: now() });
      });
    },
  };
}

/** Pausing a rule resolves its firing alerts. */
function statusHandlers(parts: ChangeParts): Handlers<Pick<Changes, 'setStatus' | 'setStatuses'>> {
  const { engines, versions } = parts;
  return {
    setStatus: ({ params, body, caller, commit }) => {
      const enabled = isActive(body.status);
      return change(parts, params.code, commit, async (tx) => {
        const before = await versions.get(tx, params.code);
        if (before.body.enabled !== enabled) await replace(parts, tx, before, { ...before.body, enabled }, caller.name);
      });
    },

    setStatuses: ({ body, caller, commit }) =>
      commit(engines.database, async (tx) => {
        const enabled = isActive(body.status);
        const [changed, missing]: [string[], string[]] = [[], []];
        // In one order everywhere: otherwise two requests could wait for each other's rules.
        for (const code of [...new Set(body.codes)].sort()) {
          const before = await versions.find(tx, code);
          if (before === null) missing.push(code);
          else if (before.body.enabled !== enabled) {
            await replace(parts, tx, before, { ...before.body, enabled }, caller.name);
            changed.push(code);
          }
        }
        return { changed, missing };
      }),
  };
}

const isActive = (status: RuleStatus): boolean => status === 'ACTIVE' || status === 'ENABLED';

/** Commits a change of a rule. The reply already has the state after the rule's next evaluation, if that comes in time. */
async function change(
  parts: ChangeParts,
  code: string,
  commit: Commit<Rule>,
  work: (tx: Tx<'alerting'>) => Promise<unknown>,
): Promise<Rule> {
  const { engines, evaluator, versions } = parts;
  await commit(engines.database, async (tx) => {
    await work(tx);
    return replyWithStates(engines, tx, versions, code);
  });
  await waitForEvaluation(engines, evaluator, code);
  return currentReply(parts, code);
}

/** Stores the next version of a rule and applies its effects. */
async function replace(
  { engines, versions }: ChangeParts,
  tx: Tx<'alerting'>,
  before: Versioned<RuleInput>,
  next: RuleInput,
  by: string,
): Promise<void> {
  await versions.replace(tx, before, next, by);
  await applyChange(tx, engines, { before, after: next, by, at: engines.now() });
}

/** Evaluates a rule. Returns when that is done or takes too long; a failure is logged. */
async function waitForEvaluation({ log }: Engines<'alerting'>, evaluator: Evaluator, code: string): Promise<void> {
  const first = evaluator.evaluate(code).catch((error: unknown) => log.warn({ err: error, rule: code }, 'the first evaluation failed'));
  await withinMs(first, maxWaitMs);
}

/**
 * Returns the version of its chart that a rule is pinned to: the one that it names, otherwise the newest.
 * @throws AppError not_found; unavailable when the charts service does not answer
 */
async function versionToPin(library: ChartLibrary, { chartCode, chartVersion }: RuleInput): Promise<number> {
  const chart = (await library.fresh()).get(chartCode);
  if (chart === undefined)
    throw new AppError('not_found', `There is no chart "${chartCode}" for the rule to judge.`, {
      field: 'chartCode',
      hint: 'Choose a chart that exists, or create it first.',
    });
  if (chartVersion === undefined || chartVersion === chart.version) return chart.version;
  const isPast = chartVersion < chart.version;
  if (isPast && (await library.at(chartCode, chartVersion).then(() => true, isNotFound))) return chartVersion;
  throw new AppError('not_found', `There is no version ${chartVersion} of the chart “${chartCode}”.`, {
    field: 'chartVersion',
    hint: `Its newest version is ${chart.version}. Leave the field out to take that one.`,
  });
}

/** @returns false for an error that says that something doesn't exist @throws any other error */
function isNotFound(error: unknown): false {
  if (error instanceof AppError && error.code === 'not_found') return false;
  throw error;
}

/** Returns the version that a change pins a rule to; undefined if the rule keeps the one that it has. */
async function pinOfChange(library: ChartLibrary, before: RuleInput, next: RuleInput): Promise<number | undefined> {
  const isKept = before.chartCode === next.chartCode && (next.chartVersion ?? before.chartVersion) === before.chartVersion;
  return isKept ? undefined : versionToPin(library, next);
}

/** @throws AppError forbidden when the change accepts a version of the chart for somebody else's rule */
function checkMayAccept(before: RuleInput, after: RuleInput, caller: Caller): void {
  if (!acceptsChart(before, after) || mayAcceptChart(before, caller)) return;
  throw new AppError(
    'forbidden',
    `The rule “${before.code}” belongs to ${before.owner}: only they or an administrator accept a version of its chart.`,
    {
      field: 'chartVersion',
      hint: 'Ask them to accept it, or leave the version as it is.',
    },
  );
}
