import { expect, it } from 'vitest';
import { type ChartDrawing, chartDrawing } from '#common/contract/charts.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import { measuredDrawing, onlySeries } from './alert-chart.ts';

const line = (name: string, id: string) => ({ id, name, place: 0, t: [], v: [] });
const lines = [line('a', `0 ${labelsKey({ segment: 'a' })}`), line('b', `0 ${labelsKey({ segment: 'b', host: 'x' })}`), line('c', '1 []')];

it('a rule is for the only line that is shown, if it is one of the first measure', () => {
  expect(onlySeries({ lines, only: ['b'] })).toEqual({ segment: 'b', host: 'x' });
  expect(onlySeries({ lines, only: ['a', 'b'] })).toBeUndefined();
  expect(onlySeries({ lines, only: ['c'] })).toBeUndefined();
  expect(onlySeries({ lines, only: undefined })).toBeUndefined();
});

it('a rule evaluates the first measure, with the values of its variables', () => {
  const drawing: ChartDrawing = chartDrawing.parse({
    title: 'Load',
    selector: { from: 'metric', name: 'load', labels: { host: '$host' } },
    beside: [{ selector: { from: 'metric', name: 'other' }, aggregation: 'avg', name: 'Other' }],
    variables: [{ name: 'host', label: 'Host', kind: 'label', of: 'host', options: [], value: 'web-1' }],
  });
  expect(measuredDrawing(drawing, { host: 'web-2' })).toMatchObject({
    selector: { from: 'metric', name: 'load', labels: { host: 'web-2' } },
    beside: [],
    variables: [],
  });
});
