import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alignInterval,
  bucketChoices,
  chooseBucket,
  isAllMissing,
  maxIntervalMs,
  mergeIntervals,
  minIntervalMs,
  panInterval,
  unknownIn,
  zoomInterval,
} from './range.ts';

const now = Date.UTC(2026, 10, 21, 12, 30, 0);
const hour = 3_600_000;

describe('chooseBucket', () => {
  it('leaves each point two pixels, and is the narrowest step that does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 400 * 24 * hour }), fc.integer({ min: 200, max: 3_840 }), (lengthMs, width) => {
        const bucket = chooseBucket(lengthMs, width);
        const narrower = bucketChoices.filter((step) => step < bucket).at(-1) ?? 0;
        if (lengthMs / bucket > width / 2) expect(bucket).toBe(bucketChoices.at(-1));
        if (narrower > 0) expect(lengthMs / narrower).toBeGreaterThan(Math.floor(width / 2));
      }),
    );
  });
  it('gives known widths', () => {
    expect(chooseBucket(hour, 1_200)).toBe(10_000);
    expect(chooseBucket(30 * 24 * hour, 1_200)).toBe(2 * hour);
  });
});

describe('alignInterval', () => {
  it('covers the interval with whole buckets, less than one extra at each end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: now }),
        fc.integer({ min: 1, max: hour }),
        fc.constantFrom(1_000, 60_000, hour),
        (from, width, bucket) => {
          const interval = { from, to: from + width };
          const aligned = alignInterval(interval, bucket);
          expect(aligned.from % bucket).toBe(0);
          expect(aligned.to % bucket).toBe(0);
          expect(interval.from - aligned.from).toBeGreaterThanOrEqual(0);
          expect(interval.from - aligned.from).toBeLessThan(bucket);
          expect(aligned.to - interval.to).toBeGreaterThanOrEqual(0);
          expect(aligned.to - interval.to).toBeLessThan(bucket);
        },
      ),
    );
  });
});

describe('zoom and pan', () => {
  it('keeps the time under the pointer in its place', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60_000, max: 30 * 24 * hour }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        (width, share, factor) => {
          const interval = { from: now - width, to: now };
          const at = interval.from + share * width;
          const zoomed = zoomInterval(interval, at, factor);
          const zoomedWidth = zoomed.to - zoomed.from;
          expect(zoomedWidth).toBeGreaterThanOrEqual(minIntervalMs);
          expect(zoomedWidth).toBeLessThanOrEqual(maxIntervalMs);
          expect(Math.abs((at - zoomed.from) / zoomedWidth - share)).toBeLessThan(0.001);
        },
      ),
    );
  });
  it('keeps the width when it pans and never leaves the past', () => {
    const interval = { from: now - hour, to: now };
    expect(panInterval(interval, -0.5, now)).toEqual({ from: now - 1.5 * hour, to: now - 0.5 * hour });
    const far = panInterval(interval, 10, now);
    expect(far.to - far.from).toBe(hour);
    expect(far.from).toBeLessThan(now);
  });
});

describe('missing intervals', () => {
  const interval = fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 10 }))
    .map(([from, width]) => ({ from, to: from + width }));
  const covers = (all: { from: number; to: number }[], at: number) => all.some((one) => at >= one.from && at < one.to);
  it('merge into the same time, in order and apart', () => {
    fc.assert(
      fc.property(fc.array(interval), (all) => {
        const merged = mergeIntervals(all);
        for (let at = 0; at <= 50; at++) expect(covers(merged, at)).toBe(covers(all, at));
        merged.slice(1).forEach((one, i) => {
          expect(one.from).toBeGreaterThan(merged[i]?.to ?? 0);
        });
      }),
    );
  });
  it('grow by the time since the last answer while nothing answers', () => {
    const whole = { from: 10, to: 50 };
    expect(unknownIn(whole, [{ from: 10, to: 12 }], 40, true)).toEqual([{ from: 10, to: 12 }]);
    expect(unknownIn(whole, [{ from: 10, to: 12 }], 40, false)).toEqual([
      { from: 10, to: 12 },
      { from: 40, to: 50 },
    ]);
    expect(unknownIn(whole, [], null, false)).toEqual([whole]);
    expect(unknownIn(whole, [], 5, false)).toEqual([whole]);
  });
  it('tell whether anything is left', () => {
    fc.assert(
      fc.property(fc.array(interval), interval, (all, whole) => {
        fc.pre(whole.to > whole.from);
        const times = Array.from({ length: whole.to - whole.from }, (_, i) => whole.from + i);
        expect(isAllMissing(all, whole)).toBe(times.every((at) => covers(all, at)));
      }),
    );
  });
});
