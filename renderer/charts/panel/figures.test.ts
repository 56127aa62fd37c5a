import { describe, expect, it } from 'vitest';
import { chartDrawing } from '#common/contract/charts.ts';
import type { Severity } from '#common/contract/primitives.ts';
import { severityOf, zonesOf } from '#renderer/charts/plot/thresholds.ts';
import { byUrgency, type CurrentValue, figuresOf, fitFigures } from './fit.ts';
import { dialCapacity, dialGrid } from './round-option.ts';
import { staleSince } from './staleness.ts';

const minute = 60_000;
const line = (id: string, last: number, { step = minute, end = 0, count = 30 } = {}) => ({
  id,
  name: id,
  place: 0,
  t: Array.from({ length: count }, (_, i) => end - (count - 1 - i) * step),
  v: Array.from({ length: count }, () => last),
});

describe('thresholds', () => {
  const low = (value: number, severity: Severity) => ({ value, severity, label: '', reached: 'at-or-below' as const });
  const high = (value: number, severity: Severity) => ({ value, severity, label: '' });

  it.each([
    [5, null],
    [10, 'HIGH'],
    [3, 'CRITICAL'],
    [20, null],
  ] as const)('may mean at or below: %d is %s', (value, severity) =>
    expect(
      severityOf(value, value === 20 ? [low(10, 'HIGH')] : value === 5 ? [low(3, 'HIGH')] : [low(10, 'HIGH'), low(3, 'CRITICAL')]),
    ).toBe(severity),
  );

  it('take the more urgent of two sides', () => {
    const both = [high(10, 'WARNING'), low(12, 'CRITICAL')];
    expect(severityOf(11, both)).toBe('CRITICAL');
    expect(severityOf(13, both)).toBe('WARNING');
    expect(severityOf(9, both)).toBe('CRITICAL');
  });

  it('may mean below: the value itself does not reach it', () => {
    const under = (value: number, severity: Severity) => ({ value, severity, label: '', reached: 'below' as const });
    expect(severityOf(1, [under(1, 'CRITICAL')])).toBe(null);
    expect(severityOf(0.999, [under(1, 'CRITICAL')])).toBe('CRITICAL');
    expect(severityOf(10, [under(20, 'WARNING'), under(10, 'CRITICAL')])).toBe('WARNING');
  });

  it('colour a dial on the side they are reached from', () => {
    expect(zonesOf([low(20, 'HIGH'), high(90, 'CRITICAL')], 0, 100)).toEqual([
      { to: 20, severity: 'HIGH' },
      { to: 90, severity: null },
      { to: 100, severity: 'CRITICAL' },
    ]);
  });
});

describe('a value without a time axis', () => {
  const now = 100 * minute;
  const drawing = chartDrawing.parse({
    title: 'Load',
    selector: { from: 'metric', name: 'load' },
    thresholds: [{ value: 90, severity: 'CRITICAL' }],
  });

  it.each([
    ['a point a minute, silent for 90', minute, 90 * minute, 0, true],
    ['a point a minute, one on its way', minute, 2 * minute, 0, false],
    ['a point an hour, silent for 90 minutes', 60 * minute, 90 * minute, 0, false],
    ['a point a second, silent for 10', 1_000, 10_000, 0, false],
    ['a point a second, silent for 20', 1_000, 20_000, 0, true],
    ['buckets of five minutes, the last one filling', 5 * minute, 6 * minute, 5 * minute, false],
  ])('is old by the interval of its own series: %s', (_, step, silence, bucketMs, old) => {
    const end = now - silence;
    expect(staleSince(line('a', 1, { step, end }), bucketMs, now)).toBe(old ? end : null);
  });

  it('is not coloured by a threshold once it is old', () => {
    const interval = { from: 0, to: now };
    const [fresh, old] = figuresOf(
      [line('fresh', 95, { end: now }), line('old', 95, { end: 10 * minute, count: 8 })],
      drawing,
      interval,
      minute,
      now,
    );
    expect([fresh?.severity, fresh?.staleSince]).toEqual(['CRITICAL', null]);
    expect([old?.severity, old?.staleSince]).toEqual([null, 10 * minute]);
  });

  it('says nothing of age where there is no point at all', () => {
    expect(staleSince({ t: [], v: [] }, minute, now)).toBeNull();
    expect(staleSince({ t: [1, 2], v: [Number.NaN, Number.NaN] }, minute, now)).toBeNull();
  });
});

describe('more values than fit', () => {
  const figure = (id: string, severity: Severity | null, staleSince: number | null = null): CurrentValue => ({
    line: line(id, 1),
    last: 1,
    severity,
    staleSince,
  });
  const many = [
    ...Array.from({ length: 1_997 }, (_, i) => figure(`calm ${i}`, null)),
    figure('old', null, 5),
    figure('warning', 'WARNING'),
    figure('critical', 'CRITICAL'),
  ];

  it('are sorted by urgency, and the rest is counted', () => {
    const { shown, hidden } = fitFigures(many, 7);
    expect(shown.map(({ line }) => line.id)).toEqual(['critical', 'warning', 'old', 'calm 0', 'calm 1', 'calm 2', 'calm 3']);
    expect(hidden).toBe(1_993);
  });

  it('keep their order where all fit', () => {
    const few = many.slice(-3);
    expect(fitFigures(few, 3)).toEqual({ shown: few, hidden: 0 });
    expect(byUrgency(few).map(({ line }) => line.id)).toEqual(['critical', 'warning', 'old']);
  });

  it('keep a seventh dial, and shrink all of them before one is left out', () => {
    expect(dialCapacity({ width: 900, height: 300 }, 16, 7)).toBeGreaterThanOrEqual(7);
    const { columns, rows } = dialGrid(7, { width: 900, height: 300 });
    expect(columns * rows).toBeGreaterThanOrEqual(7);
    expect(dialCapacity({ width: 200, height: 100 }, 16, 100)).toBe(2);
  });
});
