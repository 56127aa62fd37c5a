import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTemplate, renderTemplate, type TextScope } from '../text-template.ts';
import { translateText } from './texts.ts';

const meaning = { isValue: true, valueRefs: ['A', 'B'] };
const translated = (source: string) => translateText(source, 'summary', meaning);
const scope: TextScope = {
  labels: { host: 'web-1', job: 'Node' },
  value: 0.93456,
  threshold: 0.9,
  severity: 'HIGH',
  startedAt: 0,
  timeZone: 'UTC',
  rule: { name: '', code: '' },
  chart: { title: 'CPU', unit: '' },
};

describe('templates', () => {
  it.each([
    ['{{ $labels.host }} of {{ .Labels.job }}', 'web-1 of Node'],
    ['{{ index $labels "host" | toUpper }}, {{toLower $labels.job}}', 'WEB-1, node'],
    ['{{ $value }}, {{ .Value | humanize }}', '0.935, 0.935'],
    ['{{ $value | humanizePercentage }}', '93.5 %'],
    ['{{ humanizePercentage $value }}', '93.5 %'],
    ['{{ printf "%.2f" $value }}', '0.93'],
    ['{{ $value | printf "~%.1f%%" }}', '~0.9%'],
    ['{{ printf "%s" $labels.host }}', 'web-1'],
    ['{{ $values.A.Value | humanizeDuration }}', '934 ms'],
    ['{{ $values.B }}', '0.935'],
    ['a {{- $labels.host -}} b', 'aweb-1b'],
    ['x{{/* a note */}}y', 'xy'],
    ['100 {%} of {%', '100 { %} of { %'],
  ])('%s reads %s', (source, text) => {
    const { text: ours, notes } = translated(source);
    expect(renderTemplate(ours, scope)).toBe(text);
    expect(notes).toEqual([]);
  });
  it('write a value of seconds as a duration or a time', () => {
    const at = (value: number, source: string) => renderTemplate(translated(source).text, { ...scope, value });
    expect(at(7_200, '{{ $value | humanizeDuration }}')).toBe('2 h');
    expect(at(1_700_000_000, '{{ $value | humanizeTimestamp }}')).toBe('2023-11-14 22:13 UTC');
  });

  it.each([
    '$externalLabels.cluster',
    'if gt $value 5.0',
    'end',
    'range query "up"',
    '$labels.host | reReplaceAll "a" "b"',
    '$value | printf "%d"',
    'printf "%s" $value',
    'printf "%s on %s" $labels.job $labels.host',
    '$values.C.Value',
    '$labels',
    'humanize',
    '$value | humanizePercentage | humanize',
  ])('%s stays readable and is listed', (code) => {
    const { text, notes } = translated(`See {{ ${code} }}.`);
    expect(text).toBe(`See [${code}].`);
    expect(notes).toEqual([{ code: 'template_left', params: { field: 'summary', text: code } }]);
  });

  it('that never ends stays readable and is listed', () => {
    const { text, notes } = translated('{{ $value }} of {{ $labels.host');
    expect(text).toBe('{{ value }} of { { $labels.host');
    expect(notes).toEqual([{ code: 'template_left', params: { field: 'summary', text: '{{ $labels.host' } }]);
  });

  it('say so where the value isn’t that of the expression', () => {
    const { notes } = translateText('{{ $value }}', 'summary', { isValue: false, valueRefs: [] });
    expect(notes).toEqual([{ code: 'value_current', params: { field: 'summary' } }]);
  });

  const piece = fc.constantFrom(
    '{{',
    '}}',
    '-',
    ' ',
    '$value',
    '$labels.a',
    '|',
    'humanize',
    'printf',
    '"%.2f"',
    '"',
    '{%',
    '%}',
    'a',
    '{',
    '}',
    '`',
    '\n',
  );
  it('of any text can be filled in', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
        ),
        (source) => {
          expect(() => checkTemplate(translated(source).text)).not.toThrow();
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
