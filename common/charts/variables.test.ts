import { describe, expect, test } from 'vitest';
import { selectorTemplate } from '../contract/charts.ts';
import { AppError } from '../contract/errors.ts';
import { bindSelector, resolveValues, variablesIn } from './variables.ts';

const signal = selectorTemplate.parse({ from: 'signal', loaderCode: '$loader', segmentCode: '$segment' });
const metric = selectorTemplate.parse({ from: 'metric', name: 'host_cpu_percent', labels: { host: '$host', disk: 'C$' } });

function refusal(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('binding a selector', () => {
  test('replaces variables by their values and leaves other text unchanged', () => {
    expect(bindSelector(signal, { loader: 'belt-speed', segment: 'belt-2' })).toEqual({
      from: 'signal',
      loaderCode: 'belt-speed',
      segmentCode: 'belt-2',
    });
    expect(bindSelector(metric, { host: 'node-1' })).toEqual({
      from: 'metric',
      name: 'host_cpu_percent',
      labels: { host: 'node-1', disk: 'C$' },
    });
  });

  test('every value drops the segment or the label', () => {
    expect(bindSelector(signal, { loader: 'belt-speed', segment: '*' })).toEqual({ from: 'signal', loaderCode: 'belt-speed' });
    expect(bindSelector(metric, { host: '*' })).toEqual({ from: 'metric', name: 'host_cpu_percent', labels: { disk: 'C$' } });
  });

  test('refuses every value for a loader, an unknown variable and an unusable value, naming the field', () => {
    expect(refusal(() => bindSelector(signal, { loader: '*', segment: 'a' }))).toMatchObject({
      code: 'validation_failed',
      field: 'selector.loaderCode',
      hint: 'Choose a loader for $loader.',
    });
    expect(refusal(() => bindSelector(metric, {}))).toMatchObject({
      field: 'selector.labels.host',
      message: 'The variable $host has no value.',
    });
    expect(refusal(() => bindSelector(signal, { loader: 'Belt Speed', segment: 'a' }))).toMatchObject({ field: 'selector.loaderCode' });
  });

  test('a name that every object inherits is not a value', () => {
    const template = selectorTemplate.parse({ from: 'signal', loaderCode: '$constructor' });
    expect(refusal(() => bindSelector(template, {})).message).toBe('The variable $constructor has no value.');
  });

  test('values chosen for the dashboard override the chart’s defaults', () => {
    const variable = { name: 'loader', label: '', kind: 'loader' as const, options: [], value: 'belt-speed' };
    expect(resolveValues([variable], { host: 'a' })).toEqual({ loader: 'belt-speed', host: 'a' });
    expect(resolveValues([variable], { loader: 'orders' })).toEqual({ loader: 'orders' });
  });

  test('returns the variables of a selector', () => {
    expect(variablesIn(signal)).toEqual(['loader', 'segment']);
    expect(variablesIn(metric)).toEqual(['host']);
  });
});
