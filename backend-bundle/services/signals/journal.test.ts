import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChangeJournal } from './journal.ts';

test('returns what was stored since a time, and how far back it is complete', () => {
  let clock = 1_000;
  const journal = new ChangeJournal(() => clock);
  journal.add('signal', 'belt', { from: 10, to: 20 });
  clock = 2_000;
  journal.add('metric', 'cpu', { from: 30, to: 40 });
  expect(journal.changes(0)).toEqual({
    completeSince: 1_000,
    items: [
      { from: 'signal', name: 'belt', start: 10, end: 20, at: 1_000 },
      { from: 'metric', name: 'cpu', start: 30, end: 40, at: 2_000 },
    ],
  });
  expect(journal.changes(1_001).items.map(({ name }) => name)).toEqual(['cpu']);
  expect(journal.changes(2_001).items).toEqual([]);
});

test('however much is stored, the intervals cover it and stay few', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1_000), fc.integer({ min: 1, max: 50 })), { maxLength: 600 }), fc.nat(600), (stored, since) => {
      let clock = 0;
      const journal = new ChangeJournal(() => clock);
      for (const [start, length] of stored) {
        journal.add('signal', 'belt', { from: start, to: start + length });
        clock += 1;
      }
      const { items } = journal.changes(since);
      expect(items.length).toBeLessThanOrEqual(32);
      for (const [start, length] of stored.slice(since))
        expect(items.some((item) => item.start <= start && item.end >= start + length)).toBe(true);
    }),
  );
});

test('a series that is appended to for a day gives short intervals', () => {
  let clock = 0;
  const journal = new ChangeJournal(() => clock);
  for (; clock < 86_400_000; clock += 1_000) journal.add('signal', 'belt', { from: clock, to: clock + 1_000 });
  const items = journal.changes(clock - 60_000).items;
  const covered = Math.max(...items.map(({ end }) => end)) - Math.min(...items.map(({ start }) => start));
  expect(covered).toBeGreaterThanOrEqual(60_000);
  expect(covered).toBeLessThan(86_400_000 / 2);
});
