import { describe, expect, it } from 'vitest';
import type { ChartDefinitionInput } from '../contract/charts.ts';
import { chartDefinition } from '../contract/charts.ts';
import { minuteMs } from '../time/durations.ts';
import { describeImport } from '../words/rule-imports.ts';
import { type ImportTarget, importRules } from './import.ts';
import { checkTemplate } from './text-template.ts';
import { RuleFileError } from './yaml/problems.ts';
import { parseRules, writeRules } from './yaml.ts';

const metricChart = (code: string, name: string, labels: Record<string, string> = {}) =>
  chart({ code, title: code, selector: { from: 'metric', name, labels } });
const chart = (input: ChartDefinitionInput) => chartDefinition.parse(input);
const target: ImportTarget = {
  charts: [
    metricChart('host-cpu', 'host_cpu_percent'),
    metricChart('host-disk', 'host_disk_percent'),
    metricChart('disk-root', 'host_disk_percent', { mount: '/' }),
    metricChart('load-a', 'host_load1', { host: 'a' }),
    chart({ code: 'belts', title: 'Belts', selector: { from: 'signal', loaderCode: 'BELTS' } }),
    chart({
      code: 'by-choice',
      title: 'By choice',
      selector: { from: 'metric', name: '$metric', labels: { host: '$host' } },
      variables: [
        { name: 'metric', label: '', kind: 'options', options: ['chosen'], value: 'chosen' },
        { name: 'host', label: '', kind: 'label', of: 'host', value: '*' },
      ],
    } as ChartDefinitionInput),
  ],
  series: [{ name: 'host_cpu_percent', unit: '%', labels: { host: 'a' }, lastAt: 0 }],
  chartOf: new Map([['belt_speed', 'belts']]),
};
const imported = (text: string, more: Partial<ImportTarget> = {}) => importRules(text, 'rules.yaml', { ...target, ...more });
/** The codes of all remarks on a rule. */
const notes = ({ notes: all }: { notes: { code: string }[] } = { notes: [] }) => all.map(({ code }) => code);
/** The only rule of a file with this rule in a group. */
function ruleOf(text: string, group = '') {
  const file = `groups:\n  - name: g\n${group}    rules:\n      - ${text.trim().split('\n').join('\n        ')}\n`;
  const {
    imported: [first],
    refused: [refusal],
  } = imported(file);
  return { rule: first?.rule, notes: notes(first), refusal: refusal?.note.code };
}

const nodeFile = `
groups:
  - name: hosts
    interval: 30s
    query_offset: 1m
    limit: 10
    labels: { team: infra, site: north }
    rules:
      - alert: HostCPUBusy
        expr: |
          avg_over_time(host_cpu_percent{host="a"}[10m]) > 90
            and host_cpu_percent{host="a"} > 50
        for: 15m
        keep_firing_for: 5m
        labels: { severity: page, site: south, host: b }
        annotations:
          summary: '{{ $labels.host }} is at {{ $value | printf "%.1f" }} % on {{ $externalLabels.cluster }}'
          runbook_url: https://wiki.example.org/cpu
      - record: host:cpu:avg
        expr: avg by (host) (host_cpu_percent)
      - alert: DiskFull
        expr: host_disk_percent > 90
        labels: { severity: warning }
      - alert: DiskFull
        expr: host_disk_percent{mount="/"} > 95
        labels: { severity: critical }
      - alert: NodeDown
        expr: up{job="node"} == 0
      - alert: BeltStands
        expr: belt_speed{segment="belt-1"} < 0.2
        labels: { severity: urgent }
        labels_typo: {}
      - not a rule
`;

describe('a rule file of Prometheus', () => {
  const result = imported(nodeFile);

  it('becomes rules of ours, which can be written and read again', () => {
    expect(result.format).toBe('prometheus');
    const [first] = result.imported;
    expect(first?.rule).toMatchObject({
      code: 'host-cpu-busy',
      name: 'HostCPUBusy',
      chartCode: 'host-cpu',
      matchLabels: { host: 'a' },
      match: { kind: 'all' },
      conditions: [
        { kind: 'threshold', aggregation: 'avg', windowMs: 10 * minuteMs, operator: '>', threshold: 90 },
        { kind: 'threshold', aggregation: 'last', windowMs: 5 * minuteMs, operator: '>', threshold: 50 },
      ],
      forMs: 15 * minuteMs,
      keepFiringForMs: 5 * minuteMs,
      evaluateEveryMs: 30_000,
      delayMs: minuteMs,
      severity: 'CRITICAL',
      onNoData: 'ok',
      onError: 'keep',
      labels: { team: 'infra', site: 'south' },
      annotations: {
        summary: '{{ labels.host }} is at {{ value | round: 1 }} % on [$externalLabels.cluster]',
        runbook_url: 'https://wiki.example.org/cpu',
      },
      enabled: true,
    });
    expect(first).toMatchObject({ group: 'hosts', line: 9 });
    expect(notes(first)).toEqual(['group_limit', 'label_taken', 'template_left']);
    expect(parseRules(writeRules(result.imported.map(({ rule }) => rule)))).toEqual(result.imported.map(({ rule }) => rule));
    for (const { rule } of result.imported) for (const text of Object.values(rule.annotations)) checkTemplate(text);
  });

  it('lists each rule that it can’t be, with its reason and place', () => {
    expect(result.refused.map(({ name, line, note, part }) => [name, line, note.code, part])).toEqual([
      ['host:cpu:avg', 19, 'recording_rule', null],
      ['NodeDown', 27, 'chart_none', null],
      ['', 33, 'field_missing', null],
    ]);
    expect(result.refused.map(({ note }) => describeImport(note, 'en'))).toContain(
      'No chart shows up. Create one, or name another one for it.',
    );
    const several = imported(nodeFile.replace('{host="a"} > 50', '{host="b"} > 50')).refused[0];
    expect(several?.part).toEqual({ text: 'host_cpu_percent{host="b"} > 50', line: 2, column: 7 });
    expect(imported(nodeFile).imported.length + imported(nodeFile).refused.length).toBe(7);
  });

  it('gives rules of the same name codes of their own, which don’t depend on their order', () => {
    expect(result.imported.map(({ rule: { code, severity } }) => `${code} ${severity}`)).toEqual([
      'host-cpu-busy CRITICAL',
      'disk-full-warning WARNING',
      'disk-full-critical CRITICAL',
      'belt-stands WARNING',
    ]);
    const twice = imported(`groups: [{name: g, rules: [
      {alert: Same, expr: host_cpu_percent > 1}, {alert: Same, expr: host_cpu_percent > 2}, {alert: "${'Long'.repeat(20)}", expr: host_cpu_percent > 2},
      {alert: "${'Long'.repeat(20)}", expr: host_cpu_percent > 3}, {alert: قاعدة, expr: host_cpu_percent > 3}]}]`);
    const codes = twice.imported.map(({ rule }) => rule.code);
    expect(codes.slice(0, 2)).toEqual(['same', 'same-2']);
    expect(new Set(codes).size).toBe(5);
    expect(codes[4]).toBe('rule');
  });

  it('uses the chart that shows the series, and says what a chart that was named shows', () => {
    expect(result.imported.map(({ rule: { chartCode, matchLabels } }) => [chartCode, matchLabels])).toEqual([
      ['host-cpu', { host: 'a' }],
      ['host-disk', {}],
      ['disk-root', {}],
      ['belts', { segment: 'belt-1' }],
    ]);
    expect(notes(result.imported[3])).toEqual(['group_limit', 'field_dropped', 'chart_signals', 'severity_unknown']);
    expect(result.imported[3]?.rule.labels).toEqual({ severity: 'urgent', team: 'infra', site: 'north' });
    expect(ruleOf('alert: A\nexpr: chosen{host="b"} > 1')).toMatchObject({ rule: { chartCode: 'by-choice', matchLabels: { host: 'b' } } });
    expect(ruleOf('alert: A\nexpr: host_load1 > 1').refusal).toBe('chart_narrower');
    expect(ruleOf('alert: A\nexpr: host_load1{host="a"} > 1').rule).toMatchObject({ chartCode: 'load-a', matchLabels: {} });
    expect(ruleOf('alert: A\nexpr: belt_speed{belt="1"} > 1').refusal).toBe('label_of_signal');
    expect(ruleOf('alert: A\nexpr: host_cpu_percent{host="z"} > 1').notes).toContain('series_none');
    const named = (code: string, expr: string) => {
      const chartOf = new Map([['m', code]]);
      const {
        imported: [first],
        refused: [refusal],
      } = imported(`groups: [{name: g, rules: [{alert: A, expr: '${expr}'}]}]`, { chartOf });
      return first ? [first.rule.chartCode, ...notes(first)] : refusal?.note.code;
    };
    expect(named('disk-root', 'm > 1')).toEqual(['disk-root', 'chart_labels', 'severity_none']);
    expect(named('disk-root', 'm{mount="/"} > 1')).toEqual(['disk-root', 'severity_none']);
    expect(named('disk-root', 'm{mount="/var"} > 1')).toBe('chart_narrower');
    expect(named('nowhere', 'm > 1')).toBe('chart_unknown');
  });

  it('says what is wrong with a field of the rule here, in both languages', () => {
    const file = 'groups: [{query_offset: 20h, rules: [{alert: A, expr: host_cpu_percent offset 20h > 1}]}]';
    const { note } = importRules(file, 'rules.yml', target).refused[0] ?? expect.fail('the rule was imported');
    expect(note).toMatchObject({ code: 'not_valid', params: { field: 'delay' }, mistake: { code: 'at_most', params: { limit: '1d' } } });
    expect(describeImport(note, 'en')).toBe('The rule isn’t valid here. delay: Enter at most 1d.');
    expect(describeImport(note, 'ar')).toBe('القاعدة غير صالحة هنا. ⁦delay⁩: أدخل ما لا يزيد على ⁦1d⁩.');
  });

  it('keeps the limits of rules here', () => {
    expect(ruleOf('alert: A\nexpr: host_cpu_percent > 1', '    interval: 2h\n')).toMatchObject({
      rule: { evaluateEveryMs: 3_600_000 },
      notes: ['interval', 'severity_none'],
    });
    expect(ruleOf('alert: A\nexpr: host_cpu_percent > 1').rule).toMatchObject({ evaluateEveryMs: minuteMs });
    expect(ruleOf('alert: A\nexpr: host_cpu_percent > 1\nfor: 60d').refusal).toBe('duration_long');
    expect(ruleOf('alert: A\nexpr: host_cpu_percent > 1\nfor: soon').refusal).toBe('field_duration');
    expect(ruleOf('alert: A\nexpr: host_cpu_percent > 1', '    query_offset: 2d\n').refusal).toBe('duration_long');
    expect(ruleOf('alert: A\nexpr: host_cpu_percent offset 20h > 1', '    query_offset: 20h\n').refusal).toBe('not_valid');
    expect(ruleOf('alert: A\nexpr: [1]').refusal).toBe('field_text');
    expect(ruleOf('alert: A\nexpr: host_cpu_percent > 1\nlabels: 5').refusal).toBe('field_texts');
    expect(
      ruleOf(`alert: ${'A'.repeat(200)}\nexpr: host_cpu_percent > 1\nannotations: {_hidden: a, summary: ${'a'.repeat(3_000)}}`),
    ).toMatchObject({
      rule: { annotations: { summary: expect.stringMatching(/^a{1999}…$/) }, name: expect.stringMatching(/^A{119}…$/) },
      notes: ['text_cut', 'severity_none', 'text_name', 'text_cut'],
    });
  });

  it('is found inside a resource of Kubernetes', () => {
    const resource = `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  groups: [{name: g, rules: [{alert: A, expr: host_cpu_percent > 1}]}]\n`;
    expect(imported(`${resource}---\n${resource}`).imported).toMatchObject([
      { line: 4, rule: { code: 'a' } },
      { line: 9, rule: { code: 'a-2' } },
    ]);
  });
});

describe('a list without anything around it', () => {
  it('of groups or of rules is read', () => {
    const rule = '{alert: A, expr: host_cpu_percent > 1}';
    expect(imported(`- name: g\n  interval: 5m\n  rules:\n    - ${rule}\n    - {record: b, expr: sum(c)}\n`)).toMatchObject({
      format: 'prometheus',
      imported: [{ group: 'g', line: 4, rule: { code: 'a', evaluateEveryMs: 5 * minuteMs } }],
      refused: [{ name: 'b', line: 5, note: { code: 'recording_rule' } }],
    });
    expect(imported(`- ${rule}\n`).imported).toMatchObject([{ line: 1, rule: { code: 'a' } }]);
  });
});

describe('a file of our own', () => {
  it('is read as it is, and a rule without its chart is listed', () => {
    const one = 'code: cpu\nname: CPU\nchart: host-cpu\nseverity: HIGH\nwhen:\n  conditions:\n    - kind: absent\n      window: 5m\n';
    const {
      format,
      imported: found,
      refused,
    } = imported(`${one}---\n${one.replace('code: cpu', 'code: b').replace('host-cpu', 'nowhere')}`);
    expect([format, found.map(({ rule }) => rule.code), refused.map(({ name, note }) => [name, note.code])]).toEqual([
      'watchfloor',
      ['cpu'],
      [['CPU', 'chart_missing']],
    ]);
    expect(() => imported(one.replace('window: 5m', 'window: 5'))).toThrow(/rules.yaml:8:15: when.conditions.0.window/);
  });
});

describe('another file', () => {
  it.each(['', 'a: 1', '[]', '5', 'groups: []', 'groups:\n  - a: &x 1', '{', 'panels: []\ntitle: Dashboard'])('is refused: %s', (text) => {
    expect(() => imported(text)).toThrow(RuleFileError);
  });
});
