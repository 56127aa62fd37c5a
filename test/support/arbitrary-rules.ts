import fc from 'fast-check';
import { type Condition, condition, isOrdered, maxRuleDurationMs, operators } from '#common/contract/conditions.ts';
import { severities } from '#common/contract/primitives.ts';
import { type RuleInput, ruleInput } from '#common/contract/rules.ts';
import { dayMs, hourMs } from '#common/time/durations.ts';

/** Rules and conditions of every form that the contract allows, for property tests. */

const number = fc.oneof(fc.integer({ min: -1_000, max: 1_000 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
const window = fc.integer({ min: 1_000, max: maxRuleDurationMs });
const duration = fc.oneof(
  fc.constant(0),
  fc.constantFrom(30_000, 90_000, 5_400_000, 14 * dayMs),
  fc.integer({ min: 0, max: maxRuleDurationMs }),
);
const weight = fc.option(fc.double({ min: 0.1, max: 1_000, noNaN: true }), { nil: undefined });
const aggregation = fc.constantFrom('avg', 'sum', 'min', 'max', 'count', 'last', 'p50', 'p95', 'p99');

/** Leaves out the fields that are undefined, as JSON does. */
const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;

/** Thresholds that don't contradict each other: further out from level to level, on the operator's side. */
const comparison = fc
  .tuple(
    fc.constantFrom(...operators),
    number,
    fc.array(positive, { minLength: 3, maxLength: 3 }),
    fc.integer({ min: 0, max: 3 }),
    fc.boolean(),
  )
  .map(([operator, threshold, steps, levelCount, hasClear]) => {
    const [step = 1] = steps;
    if (operator === 'between' || operator === 'outside')
      return { operator, threshold: Math.fround(threshold % 1e6), upper: Math.fround(threshold % 1e6) + step };
    if (!isOrdered(operator)) return { operator, threshold };
    const start = Math.fround(threshold % 1e6);
    const side = operator.startsWith('>') ? 1 : -1;
    let last = start;
    const levels = severities.slice(severities.length - Math.min(levelCount, 3)).map((severity, i) => {
      last += side * (steps[i] ?? 1);
      return { severity, threshold: last, ...(hasClear ? { clear: last - side * step } : {}) };
    });
    return { operator, threshold: start, ...(hasClear ? { clear: start - side * step } : {}), ...(levels.length > 0 ? { levels } : {}) };
  });

const compared = <T extends object>(fields: fc.Arbitrary<T>) =>
  fc.tuple(fields, comparison, weight).map(([own, how, share]) => withoutUndefined({ ...own, ...how, weight: share }));
const onNoBaseline = fc.constantFrom('ok', 'alert', 'no-data', undefined);
const floor = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined });

const arbitraryCondition: fc.Arbitrary<Condition> = fc
  .oneof(
    compared(fc.record({ kind: fc.constant('threshold'), aggregation, windowMs: window })),
    compared(
      fc.record({
        kind: fc.constant('change'),
        aggregation,
        windowMs: window,
        agoMs: window,
        as: fc.constantFrom('difference', 'percent', 'perSecond'),
        floor,
      }),
    ),
    fc.record({ kind: fc.constant('absent'), windowMs: window, weight }),
    fc.record({ kind: fc.constant('unchanged'), windowMs: window, tolerance: floor, weight }),
    compared(
      fc.record({
        kind: fc.constant('baseline'),
        aggregation,
        windowMs: window,
        every: fc.constantFrom('day', 'week', 'month'),
        count: fc.integer({ min: 3, max: 60 }),
        slotMs: fc.option(fc.integer({ min: 60_000, max: dayMs }), { nil: undefined }),
        as: fc.constantFrom('difference', 'ratio', 'sigmas'),
        floor,
        onNoBaseline,
      }),
    ),
    fc.record({
      kind: fc.constant('range'),
      aggregation,
      windowMs: window,
      days: fc.integer({ min: 1, max: 60 }),
      share: fc.double({ min: 0.5, max: 1, noNaN: true }),
      widen: fc.option(fc.double({ min: 0, max: 10, noNaN: true }), { nil: undefined }),
      side: fc.constantFrom('above', 'below', 'either'),
      onNoBaseline,
      weight,
    }),
  )
  .map((one) => condition.parse(withoutUndefined(one)));

const code = fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/).filter((text) => text.length <= 64 && !['.', '..', '__proto__'].includes(text));
const text = (min: number, max: number) =>
  fc
    .string({
      unit: fc.oneof(
        fc.constantFrom('\n', ' ', ':', '#', "'", '"', '-', '\t', '…', 'ب'),
        fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
      ),
      minLength: min,
      maxLength: max,
    })
    .filter((one) => one.length >= min && one.length <= max);
/** Labels or annotations of a rule. */
const texts = (max: number) =>
  fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,30}$/), text(0, max), { maxKeys: 4, noNullPrototype: true });
const policy = fc.constantFrom('alert', 'ok', 'keep');

export const arbitraryRule: fc.Arbitrary<RuleInput> = fc
  .record({
    code,
    name: text(1, 120),
    chartCode: code,
    chartVersion: fc.option(fc.integer({ min: 1, max: 1_000 }), { nil: undefined }),
    matchLabels: fc.dictionary(
      text(1, 128).filter((name) => name !== '__proto__'),
      text(0, 200),
      { maxKeys: 5, noNullPrototype: true },
    ),
    conditions: fc.array(arbitraryCondition, { minLength: 1, maxLength: 10 }),
    match: fc.oneof(
      fc.constantFrom({ kind: 'all' }, { kind: 'any' }),
      fc.record({ kind: fc.constant('score'), threshold: fc.double({ min: 0.01, max: 1, noNaN: true }) }),
    ),
    forMs: duration,
    keepFiringForMs: duration,
    severity: fc.constantFrom(...severities),
    onNoData: policy,
    onError: policy,
    evaluateEveryMs: fc.integer({ min: 1_000, max: hourMs }),
    delayMs: fc.option(fc.integer({ min: 0, max: dayMs }), { nil: undefined }),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Riyadh'),
    suppressMs: duration,
    labels: texts(200),
    annotations: texts(300),
    templateCode: fc.option(code, { nil: undefined }),
    runbook: text(0, 300),
    owner: text(0, 40),
    enabled: fc.boolean(),
  })
  .map((one) => ruleInput.parse(withoutUndefined(one)));
