import { describe, expect, it } from 'vitest';
import { chartDefinition } from '../../contract/charts.ts';
import { minuteMs } from '../../time/durations.ts';
import { type ImportTarget, importRules } from '../import.ts';

const charts = [chartDefinition.parse({ code: 'cpu', title: 'CPU', selector: { from: 'metric', name: 'cpu' } })];
const target: ImportTarget = { charts, series: null, chartOf: new Map() };

const query = (refId: string, expr: string, more: object = {}, range: object = { from: 600, to: 0 }) => ({
  refId,
  relativeTimeRange: range,
  datasourceUid: 'prom',
  model: { refId, expr, instant: true, datasource: { type: 'prometheus', uid: 'prom' }, ...more },
});
const ranged = { instant: false, range: true };
const node = (refId: string, model: object) => ({ refId, datasourceUid: '__expr__', model: { refId, ...model } });
const threshold = (refId: string, expression: string, type: string, params: number[], more: object = {}) =>
  node(refId, { type: 'threshold', expression, conditions: [{ type: 'query', evaluator: { type, params }, ...more }] });
const classic = (type: string, params: number[], more: object = {}) => ({
  evaluator: { type, params },
  query: { params: ['A'] },
  reducer: { type: 'avg' },
  ...more,
});

interface Given {
  data: object[];
  rule?: object;
}

/** What becomes of one rule of an export, whose condition is the last of its queries. */
function importOne({ data, rule = {} }: Given) {
  const file = {
    apiVersion: 1,
    groups: [
      {
        orgId: 1,
        name: 'every minute',
        folder: 'Hosts',
        interval: '1m',
        rules: [
          {
            uid: 'abc',
            title: 'CPU high',
            condition: (data.at(-1) as { refId?: string } | undefined)?.refId,
            data,
            noDataState: 'OK',
            execErrState: 'KeepLast',
            for: '5m',
            labels: { severity: 'info' },
            ...rule,
          },
        ],
      },
    ],
  };
  const { imported, refused, format } = importRules(JSON.stringify(file, null, 2), 'rules.json', target);
  expect(format).toBe('grafana');
  expect(imported.length + refused.length).toBe(1);
  const [one] = imported;
  return {
    rule: one?.rule,
    notes: one?.notes.map(({ code }) => code),
    group: one?.group,
    refused: refused[0]?.note.code,
    part: refused[0]?.part,
  };
}
/** The conditions of a rule with these queries, or the code of the refusal. */
const conditionsOf = (...data: object[]) => {
  const { rule, refused } = importOne({ data });
  return rule?.conditions ?? refused;
};
const newest = { kind: 'threshold', aggregation: 'last', windowMs: 5 * minuteMs };

describe('an export of Grafana’s alert rules', () => {
  it('becomes rules of ours', () => {
    const { rule, notes, group } = importOne({
      data: [
        query('A', 'cpu{host="a"}', {}, { from: 600, to: 60 }),
        threshold('C', 'A', 'gt', [90], { unloadEvaluator: { type: 'lt', params: [80] } }),
      ],
      rule: { keepFiringFor: '2m', isPaused: true, annotations: { summary: '{{ $labels.host }}: {{ $values.A.Value }}, {{ $values.C }}' } },
    });
    expect(rule).toMatchObject({
      code: 'cpu-high',
      name: 'CPU high',
      chartCode: 'cpu',
      matchLabels: { host: 'a' },
      conditions: [{ ...newest, operator: '>', threshold: 90, clear: 80 }],
      forMs: 5 * minuteMs,
      keepFiringForMs: 2 * minuteMs,
      evaluateEveryMs: minuteMs,
      delayMs: minuteMs,
      severity: 'INFO',
      onNoData: 'ok',
      onError: 'keep',
      enabled: false,
      annotations: { summary: '{{ labels.host }}: {{ value }}, [$values.C]' },
    });
    expect([notes, group]).toEqual([['template_left'], 'Hosts / every minute']);
  });

  it('compares with a threshold, in mathematics, in the query itself, or in classic conditions', () => {
    const a = query('A', 'cpu');
    expect(conditionsOf(a, threshold('C', 'A', 'lte', [1]))).toEqual([{ ...newest, operator: '<=', threshold: 1 }]);
    expect(conditionsOf(a, threshold('C', 'A', 'within_range', [1, 2]))).toEqual([
      { ...newest, operator: '>', threshold: 1 },
      { ...newest, operator: '<', threshold: 2 },
    ]);
    expect(importOne({ data: [a, threshold('C', 'A', 'outside_range_included', [1, 2])] }).rule?.match).toEqual({ kind: 'any' });
    expect(conditionsOf(a, node('B', { type: 'math', expression: ['$A > 5 && $', '{A} < 2 ** 3'].join('') }))).toEqual([
      { ...newest, operator: '>', threshold: 5 },
      { ...newest, operator: '<', threshold: 8 },
    ]);
    expect(
      conditionsOf(a, query('B', 'cpu offset 1d'), node('C', { type: 'math', expression: '$A / $B' }), threshold('D', 'C', 'gt', [2])),
    ).toMatchObject([{ kind: 'baseline', as: 'ratio', threshold: 2 }]);
    expect(conditionsOf(query('A', 'cpu > 5'))).toEqual([{ ...newest, operator: '>', threshold: 5 }]);
    expect(conditionsOf(a)).toEqual([{ ...newest, operator: '!=', threshold: 0 }]);
    expect(conditionsOf(query('A', 'absent(cpu)'))).toMatchObject([{ kind: 'absent' }]);
    const either = importOne({
      data: [
        a,
        node('B', { type: 'classic_conditions', conditions: [classic('gt', [5]), classic('lt', [1], { operator: { type: 'or' } })] }),
      ],
    });
    expect(either).toMatchObject({
      rule: { match: { kind: 'any' }, conditions: [{ threshold: 5 }, { threshold: 1 }] },
      notes: ['classic_one'],
    });
  });

  it('reduces a range to one value, as a function over a window does', () => {
    const reduce = (reducer: string, expr = 'cpu', settings: object = {}) =>
      importOne({
        data: [
          query('A', expr, ranged),
          node('B', { type: 'reduce', expression: 'A', reducer, ...settings }),
          threshold('C', 'B', 'gt', [5]),
        ],
      });
    expect(reduce('mean').rule?.conditions).toEqual([
      { kind: 'threshold', aggregation: 'avg', windowMs: 10 * minuteMs, operator: '>', threshold: 5 },
    ]);
    expect(reduce('last').notes).toEqual(['range_sampled']);
    expect(reduce('last', 'max_over_time(cpu[1h])').rule?.conditions).toMatchObject([{ aggregation: 'max' }]);
    expect(reduce('mean', 'max_over_time(cpu[1h])').refused).toBe('reduce_nested');
    expect(reduce('sum').refused).toBe('reduce_function');
    expect(reduce('mean', 'cpu', { settings: { mode: 'replaceNN', replaceWithValue: 0 } }).refused).toBe('reduce_replaces');
    expect(
      conditionsOf(query('A', 'cpu'), node('B', { type: 'reduce', expression: 'A', reducer: 'sum' }), threshold('C', 'B', 'gt', [5])),
    ).toEqual([{ ...newest, operator: '>', threshold: 5 }]);
  });

  it('lists what has no counterpart', () => {
    const a = query('A', 'cpu');
    expect(conditionsOf(query('A', 'cpu', ranged), threshold('C', 'A', 'gt', [5]))).toBe('reduce_missing');
    expect(conditionsOf(query('A', 'cpu < 5'))).toBe('zero_value');
    expect(conditionsOf(query('A', 'cpu > cpu offset 1d'))).toBe('zero_value');
    expect(conditionsOf(query('A', '{app="x"}', { datasource: { type: 'loki' } }), threshold('C', 'A', 'gt', [5]))).toBe('grafana_source');
    expect(conditionsOf({ refId: 'A', datasourceUid: 'sql', model: { rawSql: 'SELECT 1' } }, threshold('C', 'A', 'gt', [5]))).toBe(
      'grafana_source',
    );
    expect(conditionsOf(a, node('B', { type: 'resample', expression: 'A' }))).toBe('grafana_node');
    expect(conditionsOf(a, threshold('C', 'B', 'gt', [5]))).toBe('reference_unknown');
    expect(conditionsOf(threshold('C', 'C', 'gt', [5]))).toBe('reference_unknown');
    expect(conditionsOf(a, threshold('C', 'A', 'no_value', []))).toBe('evaluator');
    expect(conditionsOf(a, threshold('C', 'A', 'within_range', [2, 1]))).toBe('evaluator');
    expect(conditionsOf(a, node('B', { type: 'math', expression: 'abs($A) > 5' }))).toBe('function');
    expect(conditionsOf(a, node('B', { type: 'math', expression: '!($A > 5)' }))).toBe('operator');
    expect(
      conditionsOf(
        a,
        node('B', { type: 'classic_conditions', conditions: [classic('gt', [5]), classic('lt', [9], { operator: { type: 'and' } })] }),
      ),
    ).toBe('classic_and');
    expect(conditionsOf(a, threshold('C', 'A', 'eq', [5], { unloadEvaluator: { type: 'lt', params: [3] } }))).toBe('recovery');
    expect(conditionsOf(a, query('B', 'cpu', {}, { from: 600, to: 60 }), node('C', { type: 'math', expression: '$A > 1 && $B > 1' }))).toBe(
      'offsets_differ',
    );
    expect(conditionsOf(query('A', 'cpu', {}, { from: -5, to: 5 }))).toBe('field_value');
    expect(importOne({ data: [a], rule: { noDataState: 'Sometimes' } }).refused).toBe('field_value');
    expect(importOne({ data: [a], rule: { record: { metric: 'm', from: 'A' } } }).refused).toBe('recording_rule');
    expect(importOne({ data: [query('A', 'cpu'), query('B', 'rate(cpu[5m])'), threshold('C', 'B', 'gt', [5])] }).part).toEqual({
      text: 'rate(cpu[5m])',
      line: 2,
      column: 4,
    });
    expect(importOne({ data: [query('A', 'cpu'), node('B', { type: 'math', expression: '$A > 1 || $X' })] }).part).toEqual({
      text: '$X',
      line: 2,
      column: 14,
    });
  });

  it('says what is done differently', () => {
    const rule = {
      noDataState: '',
      execErrState: 'Alerting',
      notification_settings: { receiver: 'mail' },
      missing_series_evals_to_resolve: 5,
    };
    const { rule: made, notes } = importOne({ data: [query('A', 'cpu > 5')], rule });
    expect(made).toMatchObject({ onNoData: 'alert', onError: 'alert' });
    expect(notes).toEqual(['no_data_series', 'gone_after', 'field_dropped']);
  });

  it('is read as the answers of Grafana’s API as well', () => {
    const rule = {
      uid: 'abc',
      title: '-',
      ruleGroup: 'g',
      condition: 'A',
      data: [query('A', 'cpu > 5')],
      noDataState: 'OK',
      labels: { severity: 'info' },
    };
    const read = (value: unknown) => importRules(JSON.stringify(value), 'rules.json', target).imported;
    expect(read([rule, rule])).toMatchObject([{ group: 'g', rule: { code: 'abc' } }, { rule: { code: 'abc-2' } }]);
    expect(read({ title: 'g', folderUid: 'f', interval: 300, rules: [rule] })).toMatchObject([
      { group: 'g', rule: { evaluateEveryMs: 5 * minuteMs } },
    ]);
  });
});
