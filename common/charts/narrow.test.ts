import { expect, test } from 'vitest';
import { narrowSelector } from './narrow.ts';

test('a selector of a signal is narrowed to the segment, of a metric to all labels', () => {
  const signal = { from: 'signal', loaderCode: 'l' } as const;
  expect(narrowSelector(signal, { loader: 'l', segment: 'E:\\' })).toEqual({ ...signal, segmentCode: 'E:\\' });
  const metric = { from: 'metric', name: 'm', labels: { job: 'node' } } as const;
  expect(narrowSelector(metric, { host: 'a"b', job: 'node' })).toEqual({ ...metric, labels: { job: 'node', host: 'a"b' } });
});

test('without labels the selector stays unchanged', () => {
  const signal = { from: 'signal', loaderCode: 'l' } as const;
  expect(narrowSelector(signal, {})).toBe(signal);
});
