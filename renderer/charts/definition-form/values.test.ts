import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartDefinition, chartTypes } from '#common/contract/charts.ts';
import { severities } from '#common/contract/primitives.ts';
import { aggregations } from '#common/contract/signals.ts';
import { printLabels, proposeCode, readLabels, readValues, toValues, undeclared } from './values.ts';

const code = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);
const word = fc.stringMatching(/^[a-zA-Z0-9 %/]{0,12}$/).map((text) => text.trim());
const labels = fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.stringMatching(/^[a-zA-Z0-9/,=\\.$]{1,12}$/), { maxKeys: 3 });
const selector = fc.oneof(
  fc.record({ from: fc.constant('signal' as const), loaderCode: fc.oneof(code, fc.constant('$loader')) }),
  fc.record({ from: fc.constant('signal' as const), loaderCode: code, segmentCode: code }),
  fc.record({ from: fc.constant('metric' as const), name: fc.stringMatching(/^[a-z_][a-z0-9_]{0,20}$/), labels }),
);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((value) => (value === 0 ? 0 : value));
const definition = fc
  .record(
    {
      code,
      title: fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9 ]{0,30}[a-zA-Z0-9]$/),
      description: word,
      selector,
      aggregation: fc.constantFrom(...aggregations),
      unit: word,
      type: fc.constantFrom(...chartTypes),
      scale: fc.constantFrom('linear' as const, 'log' as const),
      stacked: fc.boolean(),
      bucketMs: fc.constantFrom(1_000, 60_000, 86_400_000),
      decimals: fc.integer({ min: 0, max: 6 }),
      min: finite,
      max: finite,
      pinned: fc.integer({ min: 0, max: 20 }),
      thresholds: fc.array(
        fc.record(
          {
            value: finite,
            severity: fc.constantFrom(...severities),
            label: word,
            reached: fc.constantFrom('at-or-below' as const, 'below' as const),
          },
          { requiredKeys: ['value', 'severity', 'label'] },
        ),
        { maxLength: 3 },
      ),
      variables: fc.uniqueArray(
        fc.oneof(
          fc.record({ name: fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), label: word, kind: fc.constant('loader' as const) }),
          fc.record({
            name: fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/),
            kind: fc.constant('segment' as const),
            of: fc.constant('$loader'),
          }),
          fc.record({
            name: fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/),
            kind: fc.constant('options' as const),
            options: fc.array(fc.stringMatching(/^[a-z0-9]{1,6}$/), { maxLength: 3 }),
          }),
        ),
        { selector: ({ name }) => name, maxLength: 4 },
      ),
    },
    { requiredKeys: ['code', 'title', 'selector'] },
  )
  .map((one) => chartDefinition.parse(one));

describe('the form of a definition', () => {
  it('returns what it was filled with', () => {
    fc.assert(
      fc.property(definition, (one) => {
        expect(readValues(toValues(one, one.code, one.pinned))).toEqual({ ok: true, definition: one });
      }),
    );
  });

  const blank = toValues(chartDefinition.parse({ code: 'a', title: 'A', selector: { from: 'signal', loaderCode: 'belt-speed' } }), 'a');
  it.each([
    [{ title: '  ' }, 'title', 'title'],
    [{ code: 'Belt Speed' }, 'code', 'code'],
    [{ min: 'low' }, 'min', 'number'],
    [{ decimals: '9' }, 'decimals', 'decimals'],
    [{ loaderCode: '' }, 'loaderCode', 'loader'],
    [{ from: 'metric' as const, name: 'cpu-percent' }, 'name', 'metric'],
    [{ from: 'metric' as const, name: 'cpu', labels: 'host' }, 'labels', 'labels'],
    [
      { thresholds: [{ value: '', severity: 'HIGH' as const, label: '', reached: 'at-or-above' as const }] },
      'thresholds.0.value',
      'number',
    ],
  ])('%j is wrong at %s', (change, field, word) => {
    const read = readValues({ ...blank, ...change });
    if (read.ok) throw new Error('It was taken for right.');
    expect(Object.keys(read.problems)).toEqual([field]);
    expect(read.problems[field]?.word).toBe(word);
  });

  it('names a variable twice or badly', () => {
    const one = { name: 'loader', label: '', kind: 'loader' as const, of: '', options: '', value: '' };
    const twice = readValues({ ...blank, variables: [one, one] });
    expect(twice.ok ? {} : twice.problems).toMatchObject({ variables: { word: 'variableTwice' } });
    const bad = readValues({ ...blank, variables: [{ ...one, name: '$loader' }] });
    expect(bad.ok ? {} : bad.problems).toMatchObject({ 'variables.0.name': { word: 'variableName' } });
  });

  it('reads numbers with a comma', () => {
    expect(readValues({ ...blank, max: '0,8' })).toMatchObject({ ok: true, definition: { max: 0.8 } });
  });
});

it('labels with any characters are read back as they were written', () => {
  fc.assert(
    fc.property(labels, (set) => {
      expect(readLabels(printLabels(set))).toEqual(set);
    }),
  );
  expect(readLabels('host=a, mount = /home ')).toEqual({ host: 'a', mount: '/home' });
  expect(readLabels('host')).toBeNull();
});

it('proposes a code that the contract accepts and no definition has', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.constantFrom('chart', 'chart-2', 'a')), (title, taken) => {
      const proposed = proposeCode(title, taken);
      expect(chartDefinition.shape.code.safeParse(proposed).success).toBe(true);
      expect(taken).not.toContain(proposed);
    }),
  );
  expect(proposeCode('Usage', [])).toBe('usage-2');
  expect(proposeCode('Förderband 7 (m/s)', ['forderband-7-m-s'])).toBe('forderband-7-m-s-2');
});

it('lists the variables that a definition lacks', () => {
  const template = { selector: { from: 'signal', loaderCode: '$loader', segmentCode: '$segment' } } as const;
  const variable = { name: 'loader', label: '', kind: 'loader' as const, options: [], value: '*' };
  expect(undeclared({ ...template, beside: [], variables: [variable] })).toEqual(['segment']);
});
