import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTemplate, renderTemplate, type TextScope, TextTemplateError } from './text-template.ts';

const scope: TextScope = {
  labels: { host: 'web-1', size: 'large', constructor: 'Acme' },
  value: 93.456,
  threshold: 90,
  severity: 'HIGH',
  startedAt: Date.UTC(2026, 10, 27, 9, 5),
  timeZone: 'Asia/Riyadh',
  rule: { name: 'CPU high', code: 'cpu-high' },
  chart: { title: 'Host CPU', unit: '%' },
};
const write = (text: string, more: Partial<TextScope> = {}) => renderTemplate(text, { ...scope, ...more });

function problemOf(text: string): TextTemplateError {
  try {
    checkTemplate(text);
  } catch (error) {
    if (error instanceof TextTemplateError) return error;
    throw error;
  }
  throw new Error(`No problem was found in ${text}`);
}

describe('texts of an alert', () => {
  it('writes labels, value, threshold, severity, names and times', () => {
    expect(write('{{ labels.host }}: {{ value | unit }}, above {{ threshold | unit }}')).toBe('web-1: 93.5 %, above 90 %');
    expect(write('{{ value }} {{ value | round }} {{ value | round: 1 }} {{ value | minus: threshold | unit }}')).toBe(
      '93.5 93 93.5 3.46 %',
    );
    expect(write('{{ severity | downcase }} {{ rule.name }} {{ rule.code }} {{ chart.title }} {{ chart.unit }}')).toBe(
      'high CPU high cpu-high Host CPU %',
    );
    expect(write('{{ startedAt }}, {{ startedAt | time: "UTC" }}')).toBe('2026-11-27 12:05 Asia/Riyadh, 2026-11-27 09:05 UTC');
    expect(write('{{ value | times: 2 | duration: "s" }} {{ 90 | duration: "min" }}')).toBe('3 min 6 s 1 h 30 min');
    expect(write('{{ value | duration }}', { chart: { title: '', unit: 'ms' }, value: 2_500 })).toBe('2 s');
    expect(write('{{ labels.size }} {{ labels.constructor }}')).toBe('large Acme');
  });

  it('names a missing label, value or chart; conditions and default see that it is missing', () => {
    expect(write('{{ labels.site }} {{ value | unit }} {{ chart.title }}', { value: null, chart: null })).toBe(
      '(no label site) (no value) (no chart)',
    );
    expect(write('{% if labels.site %}at {{ labels.site }}{% else %}somewhere{% endif %}')).toBe('somewhere');
    expect(write('{{ labels.site | default: "HQ" }} {{ labels.host | default: "HQ" }}')).toBe('HQ web-1');
    expect(write('{% if value > threshold %}above{% endif %}{% unless labels.site %}!{% endunless %}')).toBe('above!');
  });

  it('leaves text without variables as it is', () => {
    expect(write('Look at { the belt } % {')).toBe('Look at { the belt } % {');
  });

  it('says what is wrong, where, and how to mend it', () => {
    expect(problemOf('On\n  {{ labels.host }} {{ vlaue }}')).toMatchObject({
      line: 2,
      column: 24,
      message: 'There is no variable vlaue.',
      hint: expect.stringContaining('labels.NAME, value, threshold'),
    });
    expect(problemOf('{{ value | units }}')).toMatchObject({
      message: 'There is no filter “units”.',
      hint: expect.stringContaining('unit,'),
    });
    expect(problemOf('a {% for x in labels %}{% endfor %}')).toMatchObject({ column: 3, message: 'The tag “for” can’t be used here.' });
    expect(problemOf('{% include "/etc/passwd" %}').message).toBe('The tag “include” can’t be used here.');
    expect(problemOf('a\nb {{ value')).toMatchObject({ line: 2, column: 3, message: 'Output "{{ value" not closed.' });
    expect(problemOf('{{ value | time: "Mars" }}').message).toContain('Mars');
    for (const text of ['{{ labels }}', '{{ labels.a.b }}', '{{ rule.constructor }}', '{{ labels[labels.host] }}', '{{ (1..100000000) }}'])
      expect(problemOf(text)).toBeInstanceOf(TextTemplateError);
  });

  it('shows the template itself with a note when it can’t be filled in', () => {
    expect(write('On {{ vlaue }}')).toBe('On {{ vlaue }} (This text couldn’t be filled in, line 1, column 7: There is no variable vlaue.)');
  });

  it('never fails, writes no more than it may, and takes no longer than it may, whatever the template', () => {
    const part = fc.constantFrom(
      ...['{{', '}}', '{%', '%}', '-%}', '{%-', '|', ':', '.', '[', ']', '"', "'", '(', '..', ')', ',', ' ', '\n', 'if', 'endif', 'else'],
      ...[
        'elsif',
        'unless',
        'case',
        'when',
        'for',
        'assign',
        'capture',
        'include',
        'raw',
        'liquid',
        'comment',
        '#',
        'and',
        'contains',
        '==',
      ],
      ...['labels', 'labels.host', 'value', 'rule', 'startedAt', '__proto__', 'constructor', 'unit', 'duration', 'time', 'round', 'times'],
      ...['divided_by', 'default', 'replace', 'date', '99999999', '-1', '1e308', 'x', 'é', '😀', '\u0000', '\u202e'],
    );
    const jumble = fc.array(part, { maxLength: 200 }).map((parts) => parts.join(''));
    const output = fc.array(part, { maxLength: 12 }).map((parts) => `{{ ${parts.join(' ')} }}`);
    const tag = fc.array(part, { maxLength: 12 }).map((parts) => `{% ${parts.join(' ')} %}`);
    const mixed = fc.array(fc.oneof(output, tag, fc.string()), { maxLength: 12 }).map((parts) => parts.join(''));
    const repeated = fc.tuple(fc.oneof(part, output, tag), fc.integer({ min: 1, max: 300 })).map(([text, count]) => text.repeat(count));
    const text = fc.oneof(jumble, mixed, repeated, fc.string({ unit: 'binary' })).map((long) => long.slice(0, 2_000));
    fc.assert(
      fc.property(text, (template) => {
        // The processor's time, not that of the clock: other processes don't count.
        const before = process.cpuUsage();
        let problem: unknown = null;
        try {
          checkTemplate(template);
        } catch (error) {
          problem = error;
        }
        if (problem !== null) expect(problem).toBeInstanceOf(TextTemplateError);
        expect(write(template).length).toBeLessThanOrEqual(4_000);
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / 1_000).toBeLessThan(2_000);
      }),
      { numRuns: 2_000 },
    );
  });
});
