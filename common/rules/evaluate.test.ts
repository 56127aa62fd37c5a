import { describe, expect, it } from 'vitest';
import type { ThresholdCondition } from '../contract/conditions.ts';
import { dayMs, hourMs } from '../time/durations.ts';
import { detail } from '../words/reasons.ts';
import { evaluate } from './evaluate.ts';
import type { EvaluatedRule, Observation, RuleRecord } from './record.ts';
import { ruleRecord } from './record.ts';

const start = 1_700_000_000_000;
const slowSpeed: ThresholdCondition = { kind: 'threshold', aggregation: 'avg', windowMs: 20_000, operator: '<', threshold: 0.6 };
const rule: EvaluatedRule = {
  chartCode: 'belt-speed',
  unit: 'm/s',
  conditions: [slowSpeed],
  match: { kind: 'all' },
  severity: 'CRITICAL',
  timeZone: 'UTC',
  delayMs: 0,
  forMs: 6_000,
  keepFiringForMs: 0,
  onNoData: 'alert',
  onError: 'keep',
  evaluateEveryMs: 2_000,
  suppressMs: 0,
};
// Its newest point is recent at every evaluation of a test.
const lastAt = start + 86_400_000;
const data = (value: number): Observation => ({
  kind: 'data',
  measurements: [{ kind: 'value', value, compared: value, points: 10 }],
  lastAt,
});
const noData = (at: number | null): Observation => ({ kind: 'data', measurements: [{ kind: 'empty' }], lastAt: at });
const slow = data(0.52);
const fine = data(0.98);
const empty = noData(start - 60_000);
const failed: Observation = { kind: 'error', failure: detail('store_silent', { limitMs: 2_000 }) };
const vanished: Extract<Observation, { kind: 'gone' }> = {
  kind: 'gone',
  why: detail('series_gone', { series: '{segment=belt-1}' }),
  certain: false,
};

/** Evaluates `[seconds after start, observation]` steps, passing each record through JSON as the database would. */
function play(steps: [at: number, observation: Observation][], of: EvaluatedRule = rule, from: RuleRecord | null = null) {
  let record = from;
  const states: string[] = [];
  const events: string[] = [];
  for (const [at, observation] of steps) {
    const result = evaluate(of, observation, record, start + at * 1000);
    record = result.record === null ? null : ruleRecord.parse(JSON.parse(JSON.stringify(result.record)));
    states.push(record?.state ?? '-');
    events.push(...result.events.map((event) => `${event.kind}@${(event.at - start) / 1000}`));
  }
  return { record, states, events, text: record?.reasons[0]?.text ?? '' };
}
const every2s = (from: number, to: number, observation: Observation): [number, Observation][] =>
  Array.from({ length: (to - from) / 2 + 1 }, (_, i) => [from + i * 2, observation]);

describe('threshold and duration', () => {
  it('waits in PENDING until the condition has held for its duration, then fires once', () => {
    const { states, events, record, text } = play(every2s(0, 10, slow));
    expect(states).toEqual(['PENDING', 'PENDING', 'PENDING', 'FIRING', 'FIRING', 'FIRING']);
    expect(events).toEqual(['fired@6']);
    expect(record?.firing).toEqual({
      cause: 'condition',
      startedAt: start,
      firedAt: start + 6000,
      suppressed: false,
      severity: 'CRITICAL',
    });
    expect(text).toBe('Average over 20 s is 0.52 m/s, below 0.6 for 10 s (needs 6 s).');
  });

  it('waits for thirty days, longer than a timer can, and fires when they are over', () => {
    const of = { ...rule, forMs: 30 * dayMs, evaluateEveryMs: hourMs };
    const hours = 30 * 24;
    const steps = Array.from({ length: hours + 1 }, (_, hour): [number, Observation] => [hour * 3_600, slow]);
    const { states, events } = play(steps, of);
    expect(new Set(states.slice(0, -1))).toEqual(new Set(['PENDING']));
    expect(events).toEqual([`fired@${hours * 3_600}`]);
  });

  it('fires at the first evaluation without a duration', () => {
    expect(play([[0, slow]], { ...rule, forMs: 0 }).events).toEqual(['fired@0']);
  });

  it('restarts after one evaluation at which the condition did not hold', () => {
    const { states, events } = play([...every2s(0, 4, slow), [6, fine], ...every2s(8, 12, slow)]);
    expect(states).toEqual(['PENDING', 'PENDING', 'PENDING', 'OK', 'PENDING', 'PENDING', 'PENDING']);
    expect(events).toEqual([]);
  });

  it('resolves at the first evaluation that is clear, with the reason', () => {
    const { states, events, text } = play([...every2s(0, 6, slow), [8, fine]]);
    expect(states.at(-1)).toBe('OK');
    expect(events).toEqual(['fired@6', 'resolved@8']);
    expect(text).toBe('Average over 20 s is 0.98 m/s, not below 0.6.');
  });

  it('keeps firing until the condition has been false for the required duration', () => {
    const kept = { ...rule, keepFiringForMs: 4_000 };
    const { states, events, text } = play([...every2s(0, 6, slow), [8, fine], [10, slow], [12, fine], [14, fine]], kept);
    expect(states.slice(4)).toEqual(['FIRING', 'FIRING', 'FIRING', 'FIRING']);
    expect(events).toEqual(['fired@6']);
    expect(text).toBe('Average over 20 s is 0.98 m/s, no longer below 0.6 for 2 s (resolves after 4 s).');
    expect(play([...every2s(0, 6, slow), ...every2s(8, 12, fine)], kept).events).toEqual(['fired@6', 'resolved@12']);
  });

  it.each([
    ['<', 0.6, false],
    ['<=', 0.6, true],
    ['>', 0.6, false],
    ['>=', 0.6, true],
    ['>', 0.61, true],
    ['<', 0.59, true],
  ] as const)('0.6 %s compared with %d gives %s', (operator, value, holds) => {
    const of = { ...rule, forMs: 0, conditions: [{ ...slowSpeed, operator }] };
    expect(play([[0, data(value)]], of).states).toEqual([holds ? 'FIRING' : 'OK']);
  });

  it('treats a value that is not finite as an error', () => {
    const { states, text } = play([[0, data(Number.POSITIVE_INFINITY)]]);
    expect(states).toEqual(['ERROR']);
    expect(text).toContain('isn’t a finite number');
  });
});

describe('without evaluations', () => {
  it('does not claim that the condition held across an outage of the evaluator', () => {
    const { states, events, text } = play([
      [0, slow],
      [2, slow],
      [602, slow],
      [604, slow],
    ]);
    expect(states).toEqual(['PENDING', 'PENDING', 'PENDING', 'PENDING']);
    expect(events).toEqual([]);
    expect(text).toBe('Average over 20 s is 0.52 m/s, below 0.6 for 2 s (needs 6 s).');
    expect(
      play([
        [0, slow],
        [602, slow],
      ]).text,
    ).toContain('The rule wasn’t evaluated for 10 min, so counting started again.');
  });

  it('bridges two lost evaluations, so that a quick restart keeps the timer', () => {
    expect(
      play([
        [0, slow],
        [6, slow],
      ]).events,
    ).toEqual(['fired@6']);
    expect(
      play([
        [0, slow],
        [6.1, slow],
      ]).events,
    ).toEqual([]);
  });

  it('keeps a firing alert, and does not fire it again', () => {
    const { events, record } = play([...every2s(0, 6, slow), [3_600, slow], [3_602, slow]]);
    expect(events).toEqual(['fired@6']);
    expect(record?.state).toBe('FIRING');
  });

  it('also restarts the counting towards resolving', () => {
    const kept = { ...rule, keepFiringForMs: 60_000 };
    expect(play([...every2s(0, 6, slow), [8, fine], [3_600, fine]], kept).events).toEqual(['fired@6']);
  });

  it('does not report missing data before rules were evaluated for the whole window', () => {
    const back = [...every2s(600, 618, empty)];
    const { states, events } = play([[0, fine], ...back]);
    expect(new Set(states.slice(1))).toEqual(new Set(['NO_DATA']));
    expect(events).toEqual([]);
    expect(play([[0, fine], ...every2s(600, 626, empty)]).events).toEqual(['fired@626']);
  });

  it('does not resolve and fire again when a restart finds an empty window', () => {
    for (const onNoData of ['ok', 'keep', 'alert'] as const) {
      const { events } = play([...every2s(0, 6, slow), [600, empty], [602, empty], ...every2s(604, 612, slow)], { ...rule, onNoData });
      expect(events, onNoData).toEqual(['fired@6']);
    }
  });
});

describe('a window with damaged points', () => {
  const damaged = [{ from: start - 20_000, to: start - 8_000 }];
  const because = 'The store was damaged: points are or may be missing for 12 s of the last 20 s.';

  it.each<[string, Observation, number]>([
    ['data', slow, 2],
    ['no data', empty, 2],
    ['a series that vanished', vanished, 2],
  ])('has an additional reason: %s', (_, observation, count) => {
    const { record } = play([
      [-2, fine],
      [0, { ...observation, damaged }],
    ]);
    expect(record?.reasons).toHaveLength(count);
    expect(record?.reasons[1]).toMatchObject({ kind: 'no-data', text: because, damaged, holds: false, windowTo: start });
    expect(record?.reasons[0]?.damaged).toBeUndefined();
  });

  it('has no additional reason without damage', () => {
    expect(play([[0, { ...slow, damaged: [] }]]).record?.reasons).toHaveLength(1);
  });
});

describe('no data and errors', () => {
  const healthy = every2s(0, 30, fine);

  it('alert: NO_DATA is shown at once and fires after the duration', () => {
    const { states, events, record, text } = play([...healthy, ...every2s(32, 40, empty)]);
    expect(states.slice(-5)).toEqual(Array(5).fill('NO_DATA'));
    expect(events).toEqual(['fired@38']);
    expect(record?.firing?.cause).toBe('no-data');
    expect(text).toBe('No points in the last 20 s; the last one came 1 min 40 s ago. This has counted as bad for 8 s (needs 6 s).');
  });

  it('alert: a loader that skips one run shows NO_DATA for a while, and nothing fires or resolves', () => {
    // One point a minute and a window of one minute, evaluated every 30 s, with a duration of five minutes.
    const of = { ...rule, conditions: [{ ...slowSpeed, windowMs: 60_000 }], forMs: 300_000, evaluateEveryMs: 30_000 };
    const steps = Array.from({ length: 21 }, (_, i): [number, Observation] => [i * 30, i === 10 || i === 11 ? empty : fine]);
    const { states, events } = play(steps, of);
    expect(states.filter((state) => state === 'NO_DATA')).toHaveLength(2);
    expect(states.at(-1)).toBe('OK');
    expect(events).toEqual([]);
  });

  it('ok: NO_DATA is shown, and a firing alert resolves', () => {
    const { states, events } = play([...healthy, ...every2s(32, 38, slow), [40, empty]], { ...rule, onNoData: 'ok' });
    expect(states.at(-1)).toBe('NO_DATA');
    expect(events).toEqual(['fired@38', 'resolved@40']);
  });

  it('keep: a firing alert stays and keeps its reason', () => {
    const { record, events } = play([...healthy, ...every2s(32, 38, slow), ...every2s(40, 80, empty)], { ...rule, onNoData: 'keep' });
    expect(events).toEqual(['fired@38']);
    expect(record?.state).toBe('NO_DATA');
    expect(record?.reasons.map((reason) => reason.kind)).toEqual(['no-data', 'threshold']);
    expect(record?.reasons[1]?.text).toContain('Average over 20 s is 0.52 m/s, below 0.6');
  });

  it('keep: missing data neither counts as held nor, while it is short, interrupts', () => {
    const of = { ...rule, onNoData: 'keep' as const };
    expect(play([...healthy, [32, slow], [34, empty], [36, empty], [38, slow]], of).events).toEqual(['fired@38']);
    expect(play([...healthy, [32, slow], ...every2s(34, 38, empty), [40, slow]], of).events).toEqual([]);
  });

  it('an error fires only after the duration', () => {
    const of = { ...rule, onError: 'alert' as const };
    const { states, events, text } = play(every2s(0, 6, failed), of);
    expect(states).toEqual(Array(4).fill('ERROR'));
    expect(events).toEqual(['fired@6']);
    expect(text).toBe('Not evaluated: the signal store didn’t answer within 2 s. This has counted as bad for 6 s (needs 6 s).');
    expect(play([...every2s(0, 4, failed), [6, fine]], of).events).toEqual([]);
  });

  it('has the current cause if an alert continues for another reason', () => {
    const { record, events } = play([...healthy, ...every2s(32, 38, slow), [40, empty]]);
    expect(events).toEqual(['fired@38']);
    expect(record?.firing?.cause).toBe('no-data');
  });

  it('waits five minutes before it fires for a chart that never had a point', () => {
    const never = noData(null);
    expect(play(every2s(0, 304, never)).events).toEqual([]);
    expect(play(every2s(0, 306, never)).events).toEqual(['fired@306']);
  });
});

describe('a series that vanishes', () => {
  it('resolves as missing at the second evaluation, and nothing of it is kept', () => {
    const { states, events, record } = play([...every2s(0, 6, slow), [8, vanished], [10, vanished]]);
    expect(states.slice(-2)).toEqual(['NO_DATA', '-']);
    expect(events).toEqual(['fired@6', 'resolved@10']);
    expect(record).toBeNull();
  });

  it('continues if the second evaluation finds it', () => {
    const { states, events } = play([...every2s(0, 6, slow), [8, vanished], [10, slow], [12, vanished], [14, slow]]);
    expect(states.slice(-1)).toEqual(['FIRING']);
    expect(events).toEqual(['fired@6']);
  });

  it('ends at once when it is certain', () => {
    expect(play([...every2s(0, 6, slow), [8, { ...vanished, certain: true }]]).events).toEqual(['fired@6', 'resolved@8']);
  });
});

describe('suppression', () => {
  const of = { ...rule, forMs: 0, suppressMs: 60_000 };

  it('marks a firing within the window as suppressed while the state advances', () => {
    const { record, events } = play(
      [
        [0, slow],
        [2, fine],
        [4, slow],
      ],
      of,
    );
    expect(events).toEqual(['fired@0', 'resolved@2', 'fired@4']);
    expect(record?.firing?.suppressed).toBe(true);
  });

  it('counts from the last announcement, and announces the alert if it is still firing when the window ends', () => {
    const { record, events } = play([[0, slow], [2, fine], ...every2s(4, 60, slow)], of);
    expect(events).toEqual(['fired@0', 'resolved@2', 'fired@4', 'unsuppressed@60']);
    expect(record?.firing?.suppressed).toBe(false);
    expect(record?.toldAt).toBe(start + 60_000);
  });
});

describe('clocks', () => {
  it('ignores an evaluation from just before the last one', () => {
    const before = play(every2s(0, 4, slow));
    const { record, events } = evaluate(rule, fine, before.record, start + 3_000);
    expect(record).toEqual(before.record);
    expect(events).toEqual([]);
  });

  it('follows a clock that was set back: timers restart, the alert stays and resolves properly', () => {
    const back = play([[-3_600, slow]], rule, play(every2s(0, 6, slow)).record);
    expect(back.states).toEqual(['FIRING']);
    expect(back.events).toEqual([]);
    expect(play([[-3_598, fine]], rule, back.record).events).toEqual(['resolved@6']);
    const pending = play(
      [
        [-3_600, slow],
        [-3_596, slow],
      ],
      rule,
      play(every2s(0, 4, slow)).record,
    );
    expect(pending.states).toEqual(['PENDING', 'PENDING']);
  });

  it('does not extend the suppression when the clock was set back', () => {
    const of = { ...rule, forMs: 0, suppressMs: 10_000 };
    const record = play(
      [
        [0, slow],
        [2, fine],
      ],
      of,
    ).record;
    expect(
      play(
        [
          [-3_600, fine],
          [-3_589, slow],
        ],
        of,
        record,
      ).record?.firing?.suppressed,
    ).toBe(false);
  });
});

describe('a changed rule', () => {
  it('restarts counting for another threshold, even at the same moment', () => {
    const stricter = { ...rule, conditions: [{ ...slowSpeed, threshold: 0.55 }] };
    const { states, record } = play([[4, slow]], stricter, play(every2s(0, 4, slow)).record);
    expect(states).toEqual(['PENDING']);
    expect(record?.streak).toEqual({ bad: true, since: start + 4_000, lastAt: start + 4_000 });
  });

  it('does not carry over an old result through an evaluation without data', () => {
    const stricter = { ...rule, onNoData: 'keep' as const, conditions: [{ ...slowSpeed, threshold: 0.55 }] };
    expect(
      play(
        [
          [6, empty],
          [8, slow],
        ],
        stricter,
        play(every2s(0, 4, slow)).record,
      ).events,
    ).toEqual([]);
  });

  it('keeps counting when only the duration changed', () => {
    expect(play([[6, slow]], { ...rule, forMs: 4_000 }, play(every2s(0, 2, slow)).record).events).toEqual(['fired@6']);
  });
});
