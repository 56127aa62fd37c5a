import { z } from 'zod';
import { type Alert, seriesLabels } from '#common/contract/alerts.ts';
import { maxRuleFirings, type RuleFiring, ruleFiring } from '#common/contract/console/alerts.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import { rule, ruleInput } from '#common/contract/rules.ts';
import { versionEntry } from '#common/contract/versions.ts';
import type { CachedValues } from '../cache/values.ts';
import { changeNow } from '../connections/call.ts';
import type { BackendConnection } from '../connections/connection.ts';

/** Rules contain their states, which change with every evaluation, ms. */
const rulesFreshMs = 10_000;
/** Events announce changes to a history. Without one, it is read again after this time, ms. */
const versionsFreshMs = 2_000;
/** Events announce new alerts. Without one, the firings of a rule are read again after this time, ms. */
const firingsFreshMs = 2_000;

export const rulesKey = 'rules';
export const versionsKey = (code: string): string => `rule-versions/${code}`;
const firingsKey = (code: string): string => `rule-firings/${code}`;

interface RuleParts {
  cache: CachedValues;
  connectionOf: (id: string) => BackendConnection;
  /** Called after a change. @param code the rule that has a new version */
  changed: (connection: BackendConnection, code: string) => void;
}

type RuleHandlers = Pick<
  ConsoleHandlers['alerts'],
  | 'rules'
  | 'createRule'
  | 'updateRule'
  | 'setRuleStatus'
  | 'setRuleStatuses'
  | 'removeRule'
  | 'ruleFirings'
  | 'ruleVersions'
  | 'ruleVersion'
  | 'rollbackRule'
>;

/** Rules as a person works with them: read from the cache while offline, changed only with the backend. */
export function ruleHandlers(parts: RuleParts): RuleHandlers {
  const { cache, connectionOf, changed } = parts;
  return {
    rules: async ({ connectionId }) => {
      const { value, asOf } = await cache.get(connectionOf(connectionId), rulesKey, {
        schema: z.array(rule),
        freshMs: rulesFreshMs,
        ask: async (client) => (await client.rules.list()).items,
      });
      return { rules: value ?? [], asOf };
    },
    ruleFirings: async ({ connectionId, code }) => {
      const { value, asOf } = await cache.get(connectionOf(connectionId), firingsKey(code), {
        schema: z.array(ruleFiring),
        freshMs: firingsFreshMs,
        ask: async (client) => (await client.alerts.list({ query: { ruleCode: code, limit: maxRuleFirings } })).items.map(firingOf),
      });
      return { value: value ?? [], asOf };
    },
    ruleVersions: async ({ connectionId, code }) => {
      const { value, asOf } = await cache.get(connectionOf(connectionId), versionsKey(code), {
        schema: z.array(versionEntry),
        freshMs: versionsFreshMs,
        ask: async (client) => (await client.rules.versions({ params: { code } })).items,
      });
      return { value: value ?? [], asOf };
    },
    ruleVersion: ({ connectionId, code, version }) =>
      cache.get(connectionOf(connectionId), `${versionsKey(code)}/${version}`, {
        schema: z.object({ entry: versionEntry, body: ruleInput }),
        // A version never changes.
        freshMs: Number.POSITIVE_INFINITY,
        ask: (client) => client.rules.version({ params: { code, version } }),
      }),
    ...changeHandlers(connectionOf, changed),
  };
}

type ChangeHandlers = Pick<RuleHandlers, 'createRule' | 'updateRule' | 'setRuleStatus' | 'setRuleStatuses' | 'removeRule' | 'rollbackRule'>;

/** Changes to rules: they are never queued. */
function changeHandlers(connectionOf: RuleParts['connectionOf'], changed: RuleParts['changed']): ChangeHandlers {
  const change = async <T>(connectionId: string, code: string, work: Parameters<typeof changeNow<T>>[1]): Promise<T> => {
    const connection = connectionOf(connectionId);
    const result = await changeNow(connection, work);
    changed(connection, code);
    return result;
  };
  return {
    createRule: ({ connectionId, rule: body }) => change(connectionId, body.code, (client, call) => client.rules.create({ body }, call)),
    updateRule: ({ connectionId, rule: body }) =>
      change(connectionId, body.code, (client, call) => client.rules.update({ params: { code: body.code }, body }, call)),
    setRuleStatus: ({ connectionId, code, status }) =>
      change(connectionId, code, (client, call) => client.rules.setStatus({ params: { code }, body: { status } }, call)),
    setRuleStatuses: async ({ connectionId, codes, status }) => {
      const connection = connectionOf(connectionId);
      const reply = await changeNow(connection, (client, call) => client.rules.setStatuses({ body: { codes, status } }, call));
      for (const code of reply.changed) changed(connection, code);
      return reply;
    },
    removeRule: ({ connectionId, code }) => change(connectionId, code, (client, call) => client.rules.remove({ params: { code } }, call)),
    rollbackRule: ({ connectionId, code, to, version }) =>
      change(connectionId, code, (client, call) => client.rules.rollback({ params: { code, version: to }, body: { version } }, call)),
  };
}

const firingOf = (alert: Alert): RuleFiring => ({
  id: alert.id,
  labels: seriesLabels(alert),
  severity: alert.severity,
  cause: alert.cause,
  firedAt: alert.firedAt,
  resolvedAt: alert.resolvedAt,
  acknowledgedBy: alert.acknowledgement?.by ?? null,
});
