import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#common/contract/errors.ts';
import { rules as contract, type RuleInput, ruleInput } from '#common/contract/rules.ts';
import { detail } from '#common/words/reasons.ts';
import type { Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import { audit } from '../audit.ts';
import type { ChartLibrary } from '../chart-library.ts';
import { checkNotReserved } from '../codes.ts';
import { type Route, routes } from '../service.ts';
import { deleteRule, insertRule, listRules, replaceRule, ruleByCode, type StoredRule, statesByRule, toReply } from './alerting.store.ts';
import type { Evaluator } from './evaluator.ts';
import { resolveAllOfRule } from './transitions.store.ts';

/** A change waits this long for the first evaluation of what it changed, so that the answer already tells how it stands, ms. */
const firstLookMs = 2_000;

/** Endpoints of the rules themselves. */
export function ruleRoutes(engines: Engines<'alerting'>, evaluator: Evaluator, library: ChartLibrary): Route[] {
  const { database, bus, now, log } = engines;

  const lost = (error: unknown) => log.error({ err: error }, 'a stored rule or state cannot be read');

  async function reply(code: string) {
    const [rule, states] = await Promise.all([ruleByCode(database.query, code), statesByRule(database.query, lost, [code])]);
    return toReply(rule, states.get(code) ?? []);
  }

  async function looked(code: string) {
    const first = evaluator.evaluate(code).catch((error: unknown) => log.warn({ err: error, rule: code }, 'the first look failed'));
    const done = new AbortController();
    await Promise.race([first, sleep(firstLookMs, undefined, { signal: done.signal }).catch(() => undefined)]);
    done.abort();
    return reply(code);
  }

  /** Writes the next version of a rule, with its event and its audit entry. */
  async function replace(tx: Tx<'alerting'>, before: StoredRule, next: RuleInput, by: string): Promise<void> {
    const at = now();
    if (!next.enabled) await resolveAllOfRule(tx, bus, next.code, by, detail('rule_disabled', {}), at);
    else if (next.chartCode !== before.chartCode) await resolveAllOfRule(tx, bus, next.code, by, detail('rule_moved', {}), at);
    await replaceRule(tx, next, before.version + 1, by, at);
    await bus.publish(tx, 'rule.changed', { ruleCode: next.code });
    const { version: _, updatedAt, updatedBy, evaluatedAt, ...was } = before;
    await audit(tx, { actor: by, action: 'rule.updated', entity: next.code, detail: { from: was, to: next }, at });
  }

  return routes(contract, {
    list: async () => {
      const [all, states] = await Promise.all([listRules(database.query, lost), statesByRule(database.query, lost)]);
      return { items: all.map((rule) => toReply(rule, states.get(rule.code) ?? [])) };
    },

    get: ({ params }) => reply(params.code),

    chartUsage: async () => {
      const all = await listRules(database.query, lost);
      return { items: all.map(({ code, name, chartCode }) => ({ code, name, chartCode })) };
    },

    create: async ({ body, caller }) => {
      checkNotReserved('rule', contract.create.path, body.code);
      const by = caller.name;
      await chartMustExist(library, body);
      await database.transaction(async (tx) => {
        const at = now();
        if (!(await insertRule(tx, body, by, at)))
          throw new AppError('conflict', `A rule with the code "${body.code}" exists already.`, {
            field: 'code',
            hint: 'Choose another code, or change that rule.',
          });
        await bus.publish(tx, 'rule.changed', { ruleCode: body.code });
        await audit(tx, { actor: by, action: 'rule.created', entity: body.code, detail: { rule: body }, at });
      });
      return looked(body.code);
    },

    update: async ({ params, body, caller }) => {
      const by = caller.name;
      const { version, ...rest } = body;
      const next = ruleInput.parse(rest);
      if (next.code !== params.code)
        throw new AppError('validation_failed', `The code of rule "${params.code}" cannot be changed to "${next.code}".`, {
          field: 'code',
          hint: 'Alerts and their history are kept under the code. Create another rule instead.',
        });
      if ((await ruleByCode(database.query, params.code)).chartCode !== next.chartCode) await chartMustExist(library, next);
      await database.transaction(async (tx) => {
        const before = await ruleByCode(tx, params.code);
        if (before.version !== version)
          throw new AppError(
            'version_conflict',
            `${before.updatedBy} changed rule "${params.code}" meanwhile: it is at version ${before.version}, not ${version}.`,
            {
              field: 'version',
              hint: 'Load it again, look at what changed, and repeat your change.',
            },
          );
        await replace(tx, before, next, by);
      });
      return looked(next.code);
    },

    setStatus: async ({ params, body, caller }) => {
      const enabled = body.status === 'ACTIVE' || body.status === 'ENABLED';
      await database.transaction(async (tx) => {
        const before = await ruleByCode(tx, params.code);
        const { version, updatedAt, updatedBy, evaluatedAt, ...definition } = before;
        if (before.enabled !== enabled) await replace(tx, before, { ...definition, enabled }, caller.name);
      });
      return looked(params.code);
    },

    remove: async ({ params, caller }) => {
      const by = caller.name;
      await database.transaction(async (tx) => {
        const rule = await ruleByCode(tx, params.code);
        const at = now();
        await resolveAllOfRule(tx, bus, rule.code, by, detail('rule_deleted', {}), at);
        await deleteRule(tx, rule.code);
        await bus.publish(tx, 'rule.changed', { ruleCode: rule.code });
        await audit(tx, { actor: by, action: 'rule.deleted', entity: rule.code, at });
      });
    },
  });
}

/** @throws AppError not_found; unavailable when the charts service does not answer */
async function chartMustExist(library: ChartLibrary, { chartCode }: RuleInput): Promise<void> {
  if (!(await library.fresh()).has(chartCode))
    throw new AppError('not_found', `There is no chart "${chartCode}" for the rule to judge.`, {
      field: 'chartCode',
      hint: 'Choose a chart that exists, or create it first.',
    });
}
