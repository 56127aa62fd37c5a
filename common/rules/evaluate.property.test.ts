import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examples } from '../../test/support/chance.ts';
import type { ThresholdCondition } from '../contract/conditions.ts';
import type { RuleStateName } from '../contract/rules.ts';
import { detail } from '../words/reasons.ts';
import { compares } from './compare.ts';
import { evaluate } from './evaluate.ts';
import type { EvaluatedRule, Observation, RuleEvent, RuleRecord } from './record.ts';
import { ruleRecord } from './record.ts';
import { bridgedIntervals } from './step.ts';

const start = 1_700_000_000_000;
const policy = fc.constantFrom('alert' as const, 'ok' as const, 'keep' as const);
const rules = fc.record({
  chartCode: fc.constant('chart'),
  unit: fc.constant('m/s'),
  conditions: fc.tuple(
    fc.record({
      kind: fc.constant('threshold' as const),
      aggregation: fc.constant('avg' as const),
      windowMs: fc.constantFrom(1_000, 10_000),
      operator: fc.constantFrom('<' as const, '>=' as const),
      threshold: fc.constant(5),
    }),
  ),
  match: fc.constant({ kind: 'all' as const }),
  severity: fc.constant('HIGH' as const),
  timeZone: fc.constant('UTC'),
  delayMs: fc.constant(0),
  forMs: fc.constantFrom(0, 1_000, 5_000, 9_500),
  keepFiringForMs: fc.constantFrom(0, 3_000),
  onNoData: policy,
  onError: policy,
  evaluateEveryMs: fc.constant(1_000),
  suppressMs: fc.constantFrom(0, 20_000),
});
type Rule = EvaluatedRule & { conditions: [ThresholdCondition] };
const data = (value: number): Observation => ({
  kind: 'data',
  measurements: [{ kind: 'value', value, compared: value, points: 1 }],
  lastAt: start,
});
const empty = (lastAt: number | null): Observation => ({ kind: 'data', measurements: [{ kind: 'empty' }], lastAt });
const observation: fc.Arbitrary<Observation> = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 3, max: 7 }).map(data) },
  { weight: 2, arbitrary: fc.constantFrom(empty(start), empty(null)) },
  { weight: 1, arbitrary: fc.constant<Observation>({ kind: 'error', failure: detail('evaluation_crashed', {}) }) },
  { weight: 1, arbitrary: fc.constant<Observation>({ kind: 'gone', why: detail('series_excluded', {}), certain: false }) },
);
/** Steps that are mostly on time; sometimes late, repeated, a little early, much too late, or with a clock that was set back. */
const step = fc.oneof(
  { weight: 12, arbitrary: fc.constant(1_000) },
  { weight: 2, arbitrary: fc.constantFrom(1_400, 2_600, 3_000) },
  { weight: 1, arbitrary: fc.constantFrom(0, -500, 3_001, 60_000, -30_000) },
);
const histories = fc.array(fc.tuple(step, observation), { minLength: 1, maxLength: 60 });

interface Look {
  now: number;
  observation: Observation;
  before: RuleRecord | null;
  after: RuleRecord | null;
  events: RuleEvent[];
}

function play(
  rule: EvaluatedRule,
  history: [number, Observation][],
  from: { now: number; record: RuleRecord | null } = { now: start, record: null },
): Look[] {
  let { now, record } = from;
  return history.map(([wait, observation]) => {
    now += wait;
    const before = record;
    const result = evaluate(rule, observation, before, now);
    record = result.record;
    return { now, observation, before, after: result.record, events: result.events };
  });
}

/** The value of the only condition; null if there is none. */
function measuredValue(observation: Observation): number | null {
  const [measured] = observation.kind === 'data' ? observation.measurements : [];
  return measured?.kind === 'value' ? measured.value : null;
}

function holds({ conditions: [{ operator, threshold }] }: Rule, observation: Observation): boolean {
  const value = measuredValue(observation);
  return value !== null && compares(value, operator, threshold);
}

describe('the rule machine', () => {
  it('never fires unless the condition held at every evaluation for its duration, without a gap', () => {
    // With the policy `keep`, missing data and errors don't count, so only the condition can make the rule fire.
    const neutral = rules.map((rule) => ({ ...rule, onNoData: 'keep' as const, onError: 'keep' as const }));
    fc.assert(
      fc.property(neutral, histories, (rule, history) => {
        const looks = play(rule, history);
        looks.forEach((look, i) => {
          if (!look.events.some((event) => event.kind === 'fired')) return;
          let newer = look;
          let heldFrom = look.now;
          for (let j = i; j >= 0; j -= 1) {
            const older = looks[j];
            if (older === undefined || older.after === older.before) continue;
            if (measuredValue(older.observation) === null) continue;
            if (!holds(rule, older.observation) || older.now > newer.now || newer.now - older.now > bridgedIntervals * rule.evaluateEveryMs)
              break;
            heldFrom = older.now;
            newer = older;
          }
          expect(holds(rule, look.observation)).toBe(true);
          expect(look.now - heldFrom).toBeGreaterThanOrEqual(rule.forMs);
        });
      }),
      { numRuns: examples(2_000) },
    );
  });

  it('fires as soon as the duration is over if it is evaluated on time', () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 0, max: 20 }), (rule, clear) => {
        const bad = rule.conditions[0].operator === '<' ? 3 : 7;
        const good = rule.conditions[0].operator === '<' ? 7 : 3;
        const each = (value: number): [number, Observation] => [1_000, data(value)];
        const looks = play(rule, [...Array.from({ length: clear }, () => each(good)), ...Array.from({ length: 12 }, () => each(bad))]);
        const fired = looks.findIndex((look) => look.events.some((event) => event.kind === 'fired'));
        expect(fired).toBe(clear + Math.ceil(rule.forMs / 1_000));
      }),
    );
  });

  it('alternates: an alert starts only when none is firing, and resolves only when one is', () => {
    fc.assert(
      fc.property(rules, histories, (rule, history) => {
        let up = false;
        for (const { before, after, events } of play(rule, history)) {
          expect((before?.firing ?? null) !== null).toBe(up);
          for (const event of events) {
            if (event.kind === 'fired') expect(up).toBe(false);
            else expect(up).toBe(true);
            up = event.kind === 'resolved' ? false : up || event.kind === 'fired';
          }
          expect((after?.firing ?? null) !== null).toBe(up);
        }
      }),
      { numRuns: examples(2_000) },
    );
  });

  it('moves along allowed edges only', () => {
    const forbidden: [RuleStateName, RuleStateName][] = [['FIRING', 'PENDING']];
    fc.assert(
      fc.property(rules, histories, (rule, history) => {
        for (const { observation, before, after } of play(rule, history)) {
          if (after === null || after === before) continue;
          const edge = [before?.state ?? 'OK', after.state] as [RuleStateName, RuleStateName];
          expect(forbidden).not.toContainEqual(edge);
          if (edge[0] === 'OK' && edge[1] === 'FIRING') expect(rule.forMs).toBe(0);
          expect(after.state === 'NO_DATA').toBe(
            (observation.kind === 'data' && measuredValue(observation) === null) || observation.kind === 'gone',
          );
          expect(after.state === 'ERROR').toBe(observation.kind === 'error');
          if (after.state === 'FIRING') expect(after.firing).not.toBeNull();
          if (after.state === 'OK' || after.state === 'PENDING') expect(after.firing).toBeNull();
          if (after.state === 'PENDING') expect(holds(rule, observation)).toBe(true);
        }
      }),
      { numRuns: examples(2_000) },
    );
  });

  it('does nothing for a repeated evaluation', () => {
    fc.assert(
      fc.property(rules, histories, (rule, history) => {
        for (const { now, observation, after } of play(rule, history)) {
          if (after === null) continue;
          expect(evaluate(rule, observation, after, now)).toEqual({ record: after, events: [], score: null });
        }
      }),
    );
  });

  it('continues from a stored record as if it had never stopped', () => {
    fc.assert(
      fc.property(rules, histories, fc.nat(), (rule, history, cut) => {
        const whole = play(rule, history);
        const at = cut % history.length;
        const head = whole[at];
        const stored = head?.after == null ? null : ruleRecord.parse(JSON.parse(JSON.stringify(head.after)));
        const tail = play(rule, history.slice(at + 1), { now: head?.now ?? start, record: stored });
        expect(tail.map(({ after, events }) => ({ after, events }))).toEqual(
          whole.slice(at + 1).map(({ after, events }) => ({ after, events })),
        );
      }),
    );
  });

  it('announces at most one firing within the suppression window', () => {
    fc.assert(
      fc.property(rules, histories, (rule, history) => {
        let evaluated: number | null = null;
        for (const { now, before, events } of play(rule, history)) {
          if (before === null || (evaluated !== null && now < evaluated)) evaluated = null;
          for (const event of events) {
            if (event.kind !== 'unsuppressed' && (event.kind !== 'fired' || event.suppressed)) continue;
            if (evaluated !== null) expect(event.at - evaluated).toBeGreaterThanOrEqual(rule.suppressMs);
            evaluated = event.at;
          }
        }
      }),
      { numRuns: examples(1_000) },
    );
  });

  it('gives reasons whose numbers are those of the evaluation', () => {
    fc.assert(
      fc.property(rules, histories, (rule, history) => {
        for (const { observation, after, before } of play(rule, history)) {
          if (after === null || after === before) continue;
          const [first] = after.reasons;
          expect(first?.text).toMatch(/\.$/);
          expect(first?.windowTo).toBe(after.evaluatedAt);
          expect(first?.value).toBe(measuredValue(observation));
        }
      }),
    );
  });
});
