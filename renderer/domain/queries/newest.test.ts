import { describe, expect, it } from 'vitest';
import type { SeriesLine } from '#common/contract/console/series.ts';
import { joinNewest, newestFrom, type SeriesPicture } from './newest.ts';

const second = 1_000;
const line = (name: string, from: number, to: number): SeriesLine => {
  const t = Float64Array.from({ length: Math.max(0, to - from) }, (_, i) => (from + i) * second);
  return { labels: { name }, t, v: t.map((at) => at * 2) };
};
const picture = (series: SeriesLine[], from: number, to: number): SeriesPicture => ({
  series,
  asOf: to * second,
  missing: [],
  damaged: [],
  problem: null,
  from: from * second,
  to: to * second,
  wholeAt: 0,
});
const interval = (from: number, to: number) => ({ from: from * second, to: to * second });

describe('a large picture that goes on', () => {
  const held = picture([line('a', 0, 250_000)], 0, 250_000);

  it('is read from a minute before its newest point', () => {
    expect(newestFrom(held, interval(5, 250_005), 0, 1_000)).toBe(249_939 * second);
  });

  it('is read in whole where it is small, has gaps, looks further back, or has not been for long', () => {
    expect(newestFrom(undefined, interval(5, 250_005), 0, 1_000)).toBeNull();
    expect(newestFrom(picture([line('a', 0, 1_000)], 0, 1_000), interval(5, 1_005), 0, 1_000)).toBeNull();
    expect(newestFrom(held, interval(5, 250_005), 60_000, 1_000)).toBeNull();
    expect(newestFrom({ ...held, missing: [{ from: 0, to: 1 }] }, interval(5, 250_005), 0, 1_000)).toBeNull();
    expect(newestFrom({ ...held, from: 10_000 }, interval(5, 250_005), 0, 1_000)).toBeNull();
    expect(newestFrom(held, interval(5, 250_005), 0, 300_000)).toBeNull();
    expect(newestFrom(held, interval(260_000, 270_000), 0, 1_000)).toBeNull();
  });

  it('is then the same as read in whole: late points in, old ones out, lines that come and go', () => {
    const before = picture([line('a', 0, 250_000), line('ended', 0, 3)], 0, 250_000);
    const next = interval(5, 250_005);
    const cut = newestFrom(before, next, 0, 1_000);
    if (cut === null) throw new Error('nothing could stay');
    const late = line('a', cut / second, 250_005);
    late.v[3] = -1;
    const joined = joinNewest(before, { ...picture([late, line('new', 250_001, 250_004)], 0, 0), asOf: 7 }, next, cut);
    expect(joined.series.map(({ labels, t }) => [labels['name'], t.length])).toEqual([
      ['a', 250_000],
      ['new', 3],
    ]);
    const whole = line('a', 5, 250_005);
    whole.v[cut / second - 5 + 3] = -1;
    expect(joined.series[0]?.t).toEqual(whole.t);
    expect(joined.series[0]?.v).toEqual(whole.v);
    expect(joined).toMatchObject({ ...next, asOf: 7, wholeAt: 0, missing: [] });
    const damaged = joinNewest(
      { ...before, damaged: [{ from: 10 * second, to: next.to }] },
      { ...picture([late], 0, 0), damaged: [{ from: cut + second, to: cut + 2 * second }] },
      next,
      cut,
    );
    expect(damaged.damaged).toEqual([
      { from: 10 * second, to: cut },
      { from: cut + second, to: cut + 2 * second },
    ]);
    // The earlier picture is on screen, so it must not be changed.
    expect(before.series[0]?.t.length).toBe(250_000);
  });
});
