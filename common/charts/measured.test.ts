import { describe, expect, it } from 'vitest';
import { type ChartDefinitionInput, chartDefinition } from '../contract/charts.ts';
import { measureSame } from './measured.ts';

const variable = (value: string) => ({ name: 'belt', label: 'Belt', kind: 'label' as const, of: 'belt', value });
const chart = (more: Partial<ChartDefinitionInput> = {}) =>
  chartDefinition.parse({ code: 'speed', title: 'Speed', selector: { from: 'metric', name: 'speed', labels: { belt: '1' } }, ...more });
const before = chart();

describe('rules measure the same on a chart', () => {
  it.each<[string, Partial<ChartDefinitionInput>]>([
    ['title', { title: 'Belt speed' }],
    ['description', { description: 'Measured at the drive.' }],
    ['unit', { unit: 'm/s' }],
    ['decimals', { decimals: 2 }],
    ['type and scale', { type: 'area', scale: 'log', stacked: true }],
    ['limits of the axis', { min: 0, max: 10 }],
    ['thresholds', { thresholds: [{ value: 1, severity: 'HIGH' }] }],
    ['place on the first screen', { pinned: 3 }],
    ['bucket width and aggregation with which it is drawn', { bucketMs: 60_000, aggregation: 'max' }],
    ['additional queries', { beside: [{ selector: { from: 'signal', loaderCode: 'other' } }] }],
    ['variables, of which its own query has none', { variables: [variable('2')] }],
    ['label, which is now a variable with the same value', { selector: metric('$belt'), variables: [variable('1')] }],
  ])('whose %s changes', (_, change) => {
    expect(measureSame(before, chart(change))).toBe(true);
  });
});

describe('rules measure something else on a chart', () => {
  it.each<[string, Partial<ChartDefinitionInput>]>([
    ['metric', { selector: { from: 'metric', name: 'speed_set', labels: { belt: '1' } } }],
    ['label', { selector: metric('2') }],
    ['set of labels', { selector: { from: 'metric', name: 'speed' } }],
    ['kind of source', { selector: { from: 'signal', loaderCode: 'speed' } }],
    ['label, which is now a variable with another value', { selector: metric('$belt'), variables: [variable('2')] }],
    ['label, which is now a variable without a value', { selector: metric('$belt') }],
  ])('whose %s changes', (_, change) => {
    expect(measureSame(before, chart(change))).toBe(false);
  });

  it('whose variable gets another default', () => {
    const template = (value: string) => chart({ selector: metric('$belt'), variables: [variable(value)] });
    expect(measureSame(template('1'), template('2'))).toBe(false);
    expect(measureSame(template('1'), template('1'))).toBe(true);
  });
});

function metric(belt: string) {
  return { from: 'metric' as const, name: 'speed', labels: { belt } };
}
