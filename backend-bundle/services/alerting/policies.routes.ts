import { uuidv7 } from 'uuidv7';
import { AppError } from '#common/contract/errors.ts';
import { policies as contract, type Silence } from '#common/contract/policies.ts';
import { formatDuration } from '#common/format.ts';
import { matchesAll, policyLabels } from '#common/policies/matchers.ts';
import { PolicySnapshot } from '#common/policies/notification-path.ts';
import { dayMs } from '#common/time/durations.ts';
import type { Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import { audit } from '../audit.ts';
import { basedOn } from '../based-on.ts';
import { type Caller, type Commit, type Handlers, type Route, routes } from '../service.ts';
import { alertById } from './alerting.store.ts';
import { alertsSince, allFiring } from './list.store.ts';
import { deletePolicy, getPolicy, listPolicies, type PolicyKind, type PolicyKinds, putPolicy } from './policies.store.ts';
import { checkMaintenance, checkMatchers, checkSilenceTimes } from './policies.ts';

/** How long a silence that has ended stays on the list, ms. */
const keepSilencesMs = 30 * dayMs;
/** Maximum number of alerts that a preview lists. */
const maxPreviewed = 100;

/** Endpoints of silences, maintenance windows and inhibitions. */
export function policyRoutes(engines: Engines<'alerting'>): Route[] {
  const { database, now } = engines;
  return routes(contract, {
    list: () => listPolicies(database.query, database.unreadable, now() - keepSilencesMs),

    preview: async ({ body }) => {
      checkMatchers(body.matchers, 'matchers');
      const recent = await alertsSince(database.query, database.unreadable, now() - 7 * dayMs);
      const firing = await allFiring(database.query, database.unreadable);
      const isSelected = (one: (typeof firing)[number]) => matchesAll(body.matchers, policyLabels(one));
      const selected = firing.filter(isSelected);
      return { firing: selected.length, alerts: selected.slice(0, maxPreviewed), lastWeek: recent.filter(isSelected).length };
    },

    path: async ({ params }) => {
      const { alert } = await alertById(database.query, params.id);
      if (alert.state === 'RESOLVED')
        throw new AppError('already_resolved', `The alert "${alert.ruleName}" has resolved.`, { hint: 'Only firing alerts notify.' });
      const at = now();
      const all = await listPolicies(database.query, database.unreadable, at);
      return new PolicySnapshot(all, await allFiring(database.query, database.unreadable), at).pathOf(alert);
    },

    ...silenceHandlers(engines),
    ...maintenanceHandlers(engines),
    ...inhibitionHandlers(engines),
  });
}

type Contract = typeof contract;

function silenceHandlers(engines: Engines<'alerting'>): Handlers<Pick<Contract, 'createSilence' | 'updateSilence' | 'endSilence'>> {
  const { now } = engines;
  return {
    createSilence: ({ body, ...to }) => {
      checkMatchers(body.matchers, 'matchers');
      const silence = { ...body, startsAt: body.startsAt ?? now() };
      checkSilenceTimes(silence, now());
      return create(engines, 'silence', silence, to);
    },

    updateSilence: ({ params, body: { version, ...body }, ...to }) => {
      checkMatchers(body.matchers, 'matchers');
      return change(engines, 'silence', params.id, to, (before) => {
        mustNotHaveEnded(before, now());
        const silence = { ...body, startsAt: body.startsAt ?? before.startsAt };
        checkSilenceTimes(silence, now());
        return basedOn(version, before, silence);
      });
    },

    endSilence: ({ params, ...to }) =>
      change(engines, 'silence', params.id, to, (before) => {
        const at = now();
        return before.endsAt <= at ? before : { ...before, startsAt: Math.min(before.startsAt, at), endsAt: at };
      }),
  };
}

type MaintenanceNames = 'createMaintenance' | 'updateMaintenance' | 'removeMaintenance';

function maintenanceHandlers(engines: Engines<'alerting'>): Handlers<Pick<Contract, MaintenanceNames>> {
  return {
    createMaintenance: ({ body, ...to }) => {
      checkMaintenance(body);
      return create(engines, 'maintenance', body, to);
    },
    updateMaintenance: ({ params, body: { version, ...body }, ...to }) => {
      checkMaintenance(body);
      return change(engines, 'maintenance', params.id, to, (before) => basedOn(version, before, body));
    },
    removeMaintenance: ({ params, ...to }) => remove(engines, 'maintenance', params.id, to),
  };
}

type InhibitionNames = 'createInhibition' | 'updateInhibition' | 'removeInhibition';

function inhibitionHandlers(engines: Engines<'alerting'>): Handlers<Pick<Contract, InhibitionNames>> {
  const check = (body: Pick<PolicyKinds['inhibition'], 'source' | 'target'>) => {
    checkMatchers(body.source, 'source');
    checkMatchers(body.target, 'target');
  };
  return {
    createInhibition: ({ body, ...to }) => {
      check(body);
      return create(engines, 'inhibition', body, to);
    },
    updateInhibition: ({ params, body: { version, ...body }, ...to }) => {
      check(body);
      return change(engines, 'inhibition', params.id, to, (before) => basedOn(version, before, body));
    },
    removeInhibition: ({ params, ...to }) => remove(engines, 'inhibition', params.id, to),
  };
}

/** The caller who makes a change, and its transaction. */
interface Target<R> {
  caller: Caller;
  commit: Commit<R>;
}
/** The fields of a policy that a request contains. The backend adds the others. */
type Given<P> = Omit<P, 'id' | 'by' | 'createdAt' | 'version'>;

function create<K extends PolicyKind>(
  { database, bus, now }: Engines<'alerting'>,
  kind: K,
  given: Given<PolicyKinds[K]>,
  { caller, commit }: Target<PolicyKinds[K]>,
): Promise<PolicyKinds[K]> {
  const policy = { ...given, id: uuidv7(), by: caller.name, createdAt: now(), version: 1 } as unknown as PolicyKinds[K];
  return commit(database, async (tx) => {
    await putPolicy(tx, kind, policy);
    await announce(tx, { bus, now }, kind, 'created', policy);
    return policy;
  });
}

/** Changes a policy to what `next` returns; the same object changes nothing. */
function change<K extends PolicyKind>(
  { database, bus, now }: Engines<'alerting'>,
  kind: K,
  id: string,
  { caller, commit }: Target<PolicyKinds[K]>,
  next: (before: PolicyKinds[K]) => PolicyKinds[K],
): Promise<PolicyKinds[K]> {
  return commit(database, async (tx) => {
    const before = await getPolicy(tx, kind, id);
    const after = next(before);
    if (after === before) return before;
    const policy = { ...after, by: caller.name, version: before.version + 1 };
    await putPolicy(tx, kind, policy);
    await announce(tx, { bus, now }, kind, 'updated', policy);
    return policy;
  });
}

async function remove(
  { database, bus, now }: Engines<'alerting'>,
  kind: PolicyKind,
  id: string,
  { caller, commit }: Target<void>,
): Promise<void> {
  await commit(database, async (tx) => {
    const policy = await getPolicy(tx, kind, id);
    await deletePolicy(tx, id);
    await announce(tx, { bus, now }, kind, 'deleted', { ...policy, by: caller.name });
  });
}

async function announce(
  tx: Tx<'alerting'>,
  { bus, now }: Pick<Engines<'alerting'>, 'bus' | 'now'>,
  kind: PolicyKind,
  verb: 'created' | 'updated' | 'deleted',
  { id, by, version, createdAt: _, ...detail }: PolicyKinds[PolicyKind],
): Promise<void> {
  await audit(tx, { actor: by, action: `${kind}.${verb}`, entity: id, detail: { version, ...detail }, at: now() });
  await bus.publish(tx, 'policy.changed', { kind, id, by });
}

function mustNotHaveEnded({ endsAt }: Silence, at: number): void {
  if (endsAt > at) return;
  throw new AppError('conflict', `This silence ended ${formatDuration(at - endsAt)} ago.`, { hint: 'Create a new silence.' });
}
