import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#common/contract/errors.ts';
import { rules as contract, type Rule, type RuleInput, ruleInput } from '#common/contract/rules.ts';
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
import { applyChange, firingsByRule, getRule, listRules, type RuleVersions, toReply } from './rules.store.ts';
import { checkTexts } from './texts.ts';
import { resolveAllOfRule } from './transitions.store.ts';

/** How long a change waits for the first evaluation of the rule, ms, so that the reply already has the new state. */
const maxWaitMs = 2_000;

interface Parts {
  evaluator: Evaluator;
  library: ChartLibrary;
  versions: RuleVersions;
}

/** Endpoints of the rules themselves. */
export function ruleRoutes(engines: Engines<'alerting'>, parts: Parts): Route[] {
  const { database, now } = engines;
  const { versions } = parts;
  return routes(contract, {
    list: async () => {
      const [all, states, firings] = await Promise.all([
        listRules(database.query, versions),
        statesByRule(database.query, database.unreadable),
        firingsByRule(database.query, now()),
      ]);
      return { items: all.map((rule) => toReply(rule, states.get(rule.code) ?? [], firings.get(rule.code))) };
    },

    get: ({ params }) => replyWithStates(engines, database.query, versions, params.code),

    schema: () => ruleFileSchema(),

    evaluations: async ({ params, query }) => {
      await versions.get(database.query, params.code);
      return { items: await listEvaluations(database.query, params.code, query) };
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

/** @param db the database's `query`, or a transaction */
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

type Changes = Pick<typeof contract, 'create' | 'update' | 'setStatus' | 'remove' | 'rollback'>;

interface ChangeParts extends Parts {
  engines: Engines<'alerting'>;
}

function changeHandlers(parts: ChangeParts): Handlers<Changes> {
  const { engines, library, versions } = parts;
  const { database, now } = engines;
  return {
    create: async ({ body, caller, commit }) => {
      checkTexts(body);
      await chartMustExist(library, body);
      return change(parts, body.code, commit, (tx) => versions.create(tx, body, caller.name));
    },

    update: async ({ params, body, caller, commit }) => {
      const { version, ...rest } = body;
      const next = ruleInput.parse(rest);
      checkTexts(next);
      checkCodeUnchanged('rule', params.code, next.code, 'Alerts and their history are kept under the code. Create another rule instead.');
      if ((await versions.get(database.query, params.code)).body.chartCode !== next.chartCode) await chartMustExist(library, next);
      return change(parts, next.code, commit, async (tx) => {
        const before = await versions.get(tx, params.code);
        // Nothing changes, or the request is a repeat whose first reply was lost.
        if (same(before.body, next)) return;
        if (before.record.version !== version) throw await versions.conflict(tx, before, version);
        await replace(parts, tx, before, next, caller.name);
      });
    },

    setStatus: ({ params, body, caller, commit }) => {
      const enabled = body.status === 'ACTIVE' || body.status === 'ENABLED';
      return change(parts, params.code, commit, async (tx) => {
        const before = await versions.get(tx, params.code);
        if (before.body.enabled !== enabled) await replace(parts, tx, before, { ...before.body, enabled }, caller.name);
      });
    },

    remove: ({ params, caller, commit }) =>
      commit(database, async (tx) => {
        const rule = await versions.get(tx, params.code);
        await resolveAllOfRule(tx, engines, params.code, caller.name, detail('rule_deleted', {}), now());
        await versions.remove(tx, rule, caller.name);
      }),

    rollback: async ({ params, body, caller, commit }) => {
      const { code, version } = params;
      await chartMustExist(library, (await versions.at(database.query, code, version)).body);
      return change(parts, code, commit, async (tx) => {
        const before = await versions.find(tx, code);
        const after = await versions.rollback(tx, code, version, body.version, caller.name);
        await applyChange(tx, engines, { before, after: after.body, by: caller.name, at: now() });
      });
    },
  };
}

/** Commits a change of a rule. The reply already has the state after the rule's next evaluation, if that comes in time. */
async function change(
  { engines, evaluator, versions }: ChangeParts,
  code: string,
  commit: Commit<Rule>,
  work: (tx: Tx<'alerting'>) => Promise<unknown>,
): Promise<Rule> {
  const { database } = engines;
  const reply = (db: Queries<'alerting'>) => replyWithStates(engines, db, versions, code);
  await commit(database, async (tx) => {
    await work(tx);
    return reply(tx);
  });
  await waitForEvaluation(engines, evaluator, code);
  return reply(database.query);
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
  const first = evaluator.evaluate(code).catch((error: unknown) => log.warn({ err: error, rule: code }, 'the first look failed'));
  const done = new AbortController();
  await Promise.race([first, sleep(maxWaitMs, undefined, { signal: done.signal }).catch(() => undefined)]);
  done.abort();
}

/** @throws AppError not_found; unavailable when the charts service does not answer */
async function chartMustExist(library: ChartLibrary, { chartCode }: RuleInput): Promise<void> {
  if (!(await library.fresh()).has(chartCode))
    throw new AppError('not_found', `There is no chart "${chartCode}" for the rule to judge.`, {
      field: 'chartCode',
      hint: 'Choose a chart that exists, or create it first.',
    });
}
