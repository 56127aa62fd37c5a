import { describe, expect, it } from 'vitest';
import { chartDrawing } from '#common/contract/charts.ts';
import { edgeIds, plottedOf, withExtremes } from '#renderer/charts/plot/extremes.ts';
import { edgeQueriesOf, queriesOf } from './chart-queries.ts';
import { statsOf } from './stats.ts';

const line = { id: '0 a', name: 'a', place: 0, t: [0, 10], v: [1, 1.01] };
const least = { ...line, v: [0.9, 1] };
const greatest = { ...line, v: [1.1, 50] };

describe('the extremes behind an average', () => {
  const drawing = chartDrawing.parse({
    title: 'Speed',
    selector: { from: 'metric', name: 'speed' },
    beside: [{ selector: { from: 'metric', name: 'load' }, aggregation: 'sum' }],
  });
  const asked = (more: object) => {
    const changed = { ...drawing, ...more };
    const queries = queriesOf(changed, {}, { lastMs: 3_600_000 }, 60_000);
    return edgeQueriesOf(changed, queries);
  };

  it('are asked for by default, for each measure that is averaged', () => {
    const { least, greatest } = asked({});
    expect(least.map((query) => query?.query.aggregation)).toEqual(['min', undefined]);
    expect(greatest.map((query) => query?.query.aggregation)).toEqual(['max', undefined]);
  });

  it.each([[{ aggregation: 'raw' }], [{ aggregation: 'max' }], [{ type: 'bar' }], [{ type: 'area', stacked: true }], [{ type: 'band' }]])(
    'are not asked for where nothing is averaged out of sight: %j',
    (more) => {
      expect(asked(more).least.every((query) => query === null)).toBe(true);
    },
  );

  it('are drawn beneath their line, once both are known', () => {
    const [both] = withExtremes([line], [least], [greatest]);
    expect(both && plottedOf([both]).map(({ id, v }) => [id, v])).toEqual([
      [edgeIds(line.id)[0], [0.9, 1]],
      [edgeIds(line.id)[1], [1.1, 50]],
      [line.id, [1, 1.01]],
    ]);
    expect(withExtremes([line], [least], [])).toEqual([line]);
  });

  it('are the least and the greatest of a legend', () => {
    const [both] = withExtremes([line], [least], [greatest]);
    expect(both && statsOf(both, { from: 0, to: 20 })).toMatchObject({ last: 1.01, min: 0.9, max: 50 });
    expect(both && statsOf(both, { from: 0, to: 10 })).toMatchObject({ min: 0.9, max: 1.1 });
  });
});
