import type { z } from 'zod';
import { currentAcknowledgement } from '#common/alerts/handling.ts';
import { type Alert, type alertChange, alerts as contract, seriesLabels, summariseAlert } from '#common/contract/alerts.ts';
import type { RequestOf } from '#common/contract/endpoint.ts';
import { AppError, type ErrorBody } from '#common/contract/errors.ts';
import { formatDuration, formatSetDuration } from '#common/format.ts';
import { dayMs } from '#common/time/durations.ts';
import { detail } from '#common/words/reasons.ts';
import type { Engines } from '../../engines/port.ts';
import { audit } from '../audit.ts';
import { type Caller, type Commit, type Route, routes } from '../service.ts';
import { alertById, eventsOf } from './alerting.store.ts';
import { listAlerts } from './list.store.ts';
import { change, type HistoryEntry, notBeforeHistory, noted } from './transitions.store.ts';

/** Maximum duration of a snooze, ms: longer ones are forgotten (ISA-18.2 requires a limit for shelving). */
const maxSnoozeMs = 30 * dayMs;

interface Step {
  patch: Partial<Alert>;
  entry: HistoryEntry;
}

/**
 * Returns what changes in a firing alert; null when nothing does, which is a success too.
 * @param by who acts
 * @param at now, ms
 * @param doneAt when the person acted, as it is recorded, ms
 * @throws AppError when the change isn't allowed
 */
type Decide = (alert: Alert, by: string, at: number, doneAt: number) => Step | null;

/**
 * Endpoints of alerts and of what people do to them.
 *
 * The first person to acknowledge an alert owns it. A second person gets an error with the owner's name, because their screen may be stale
 * or their outbox may have been offline, and silently replacing an owner who is working on it would be worse. To take over, release the
 * alert, then acknowledge it. If the owner repeats the call, it succeeds; a different note or expiry replaces the old one.
 */
export function alertRoutes(engines: Engines<'alerting'>): Route[] {
  const { database } = engines;
  const handlers = changeHandlers(engines);
  return routes(contract, {
    list: ({ query }) => listAlerts(database.query, database.unreadable, query),

    history: async ({ query: { ruleId, ...query } }) => {
      const { items, ...more } = await listAlerts(database.query, database.unreadable, { ...query, ruleCode: ruleId });
      const lines = items.map((alert) => ({
        ...summariseAlert(alert),
        segmentCode: seriesLabels(alert)['segment'] ?? null,
        state: alert.state,
        resolvedAt: alert.resolvedAt,
        acknowledgedBy: alert.acknowledgement?.by ?? null,
        acknowledgedAt: alert.acknowledgement?.at ?? null,
      }));
      return { items: lines, ...more };
    },

    get: async ({ params }) => {
      const { query, unreadable } = database;
      const [{ alert }, events] = await Promise.all([alertById(query, params.id), eventsOf(query, unreadable, params.id)]);
      return { alert, events };
    },

    ...handlers,

    changeMany: ({ body, caller, commit }) =>
      commit(database, async (tx) => {
        const results = [];
        const to: Target = { caller, commit: (_, work) => work(tx as never) };
        for (const change of body.changes) results.push(await resultOf(makeChange(handlers, change, to)));
        return { results };
      }),
  });
}

function makeChange(handlers: ChangeHandlers, { id, ...change }: z.output<typeof alertChange>, target: Target): Promise<Alert> {
  const to = { params: { id }, query: undefined, ...target };
  if (change.kind === 'acknowledge') {
    const { note, expiresAt, at } = change;
    return handlers.acknowledge({ ...to, body: { note, expiresAt, at } });
  }
  if (change.kind === 'snooze') {
    const { until, reason, at } = change;
    return handlers.snooze({ ...to, body: { until, reason, at } });
  }
  return handlers[change.kind]({ ...to, body: { at: change.at } });
}

/** A refusal is the result of one change and does not affect the others; any other error fails them all. */
async function resultOf(change: Promise<Alert>): Promise<{ alert: Alert } | { error: Omit<ErrorBody, 'requestId'> }> {
  try {
    return { alert: await change };
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    const { requestId: _, ...body } = error.toBody('');
    return { error: body };
  }
}

/** The caller who makes a change, and its transaction: its own, or one that it shares with other changes. */
interface Target {
  caller: Caller;
  commit: Commit<Alert>;
}
type Changes = Pick<typeof contract, 'acknowledge' | 'unacknowledge' | 'snooze' | 'unsnooze'>;
type ChangeHandlers = { [N in keyof Changes]: (request: RequestOf<Changes[N]> & Target) => Promise<Alert> };

function changeHandlers({ database, bus, now }: Engines<'alerting'>): ChangeHandlers {
  /**
   * Applies the step that `decide` returns to a firing alert.
   * @param reportedAt when the person acted, by their console's clock, ms
   */
  function act(id: string, { caller, commit }: Target, reportedAt: number | undefined, decide: Decide): Promise<Alert> {
    const by = caller.name;
    return commit(database, async (tx) => {
      const { alert } = await alertById(tx, id);
      const at = now();
      mustFire(alert, at);
      // A console's clock may be wrong, which is no reason to refuse what its user did.
      const doneAt = await notBeforeHistory(tx, alert, Math.min(reportedAt ?? at, at));
      const step = decide(alert, by, at, doneAt);
      if (step === null) return alert;
      const { kind, note } = step.entry;
      await audit(tx, { actor: by, action: `alert.${kind}`, entity: id, detail: { rule: alert.ruleCode, labels: alert.labels, note }, at });
      return change(tx, bus, alert, step.patch, step.entry, at);
    });
  }

  return {
    acknowledge: ({ params, body, ...to }) => act(params.id, to, body.at, decideAcknowledgement(body)),
    unacknowledge: ({ params, body, ...to }) => act(params.id, to, body.at, decideRelease),
    snooze: ({ params, body, ...to }) => act(params.id, to, body.at, decideSnooze(body)),
    unsnooze: ({ params, body, ...to }) => act(params.id, to, body.at, decideEndOfSnooze),
  };
}

function decideAcknowledgement({ note, expiresAt }: RequestOf<Changes['acknowledge']>['body']): Decide {
  return (alert, by, at, doneAt) => {
    const before = currentAcknowledgement(alert, at);
    if (before !== null && before.by !== by)
      throw new AppError('conflict', `${before.by} acknowledged this alert ${formatDuration(at - before.at)} ago.`, {
        hint: `Talk to ${before.by}; to take over, give the alert back first and acknowledge it then.`,
      });
    if (expiresAt !== null) mustBeAhead('expiresAt', 'The acknowledgement', expiresAt, at);
    if (before !== null && before.note === note && before.expiresAt === expiresAt) return null;
    const acknowledgement = { by, at: doneAt, note, expiresAt };
    return { patch: { acknowledgement }, entry: { kind: 'acknowledged', at: doneAt, by, note } };
  };
}

const decideRelease: Decide = ({ acknowledgement }, by, _, doneAt) => {
  if (acknowledgement === null) return null;
  const owner = acknowledgement.by;
  const note = owner === by ? { note: '' } : noted([detail('acknowledged_by', { by: owner })]);
  return { patch: { acknowledgement: null }, entry: { kind: 'unacknowledged', at: doneAt, by, ...note } };
};

function decideSnooze({ until, reason }: RequestOf<Changes['snooze']>['body']): Decide {
  return ({ snooze: before }, by, at, doneAt) => {
    mustBeAhead('until', 'The snooze', until, at);
    if (until - at > maxSnoozeMs)
      throw new AppError(
        'validation_failed',
        `A snooze lasts ${formatSetDuration(maxSnoozeMs)} at most; this one would last ${formatDuration(until - at)}.`,
        {
          field: 'until',
          hint: 'Choose an earlier time, or switch the rule off.',
        },
      );
    if (before !== null && before.by === by && before.until === until && before.reason === reason) return null;
    return { patch: { snooze: { by, at: doneAt, until, reason } }, entry: { kind: 'snoozed', at: doneAt, by, note: reason } };
  };
}

const decideEndOfSnooze: Decide = ({ snooze }, by, _, doneAt) =>
  snooze === null ? null : { patch: { snooze: null }, entry: { kind: 'unsnoozed', at: doneAt, by, note: '' } };

function mustFire(alert: Alert, at: number): void {
  if (alert.state === 'FIRING') return;
  const ago = alert.resolvedAt === null ? '' : ` ${formatDuration(at - alert.resolvedAt)} ago`;
  throw new AppError('already_resolved', `The alert "${alert.ruleName}" resolved${ago}.`, {
    hint: 'Nothing is left to do; if it comes back it will be a new alert.',
  });
}

function mustBeAhead(field: string, what: string, until: number, at: number): void {
  if (until > at) return;
  throw new AppError('validation_failed', `${what} would have ended ${formatDuration(at - until)} ago.`, {
    field,
    hint: 'Choose a time ahead.',
  });
}
