import { afterEach, beforeEach, expect, test } from 'vitest';
import { comparedInterval, damagedBefore, layOver, movesOver } from './compare.ts';

const hour = 3_600_000;
let zone: string | undefined;
beforeEach(() => {
  zone = process.env['TZ'];
  process.env['TZ'] = 'Europe/Berlin';
});
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

test('yesterday is the same time of day, on either side of a change of the clocks', () => {
  // On 25 October 2026 the clocks of Berlin go back: that day has 25 hours.
  const monday = new Date(2026, 9, 26).getTime();
  const interval = { from: monday, to: new Date(2026, 9, 27).getTime() };
  const noonBefore = new Date(2026, 9, 25, 12).getTime();
  const saturday = new Date(2026, 9, 24, 12).getTime();
  expect(movesOver(interval, 'day', 'local').map(({ by }) => by)).toEqual([25 * hour]);
  expect(layOver({ t: [noonBefore], v: [7] }, interval, 'day', 'local').v).toEqual(Float64Array.of(7));
  expect(layOver({ t: [saturday], v: [7] }, interval, 'day', 'local').t).toEqual(Float64Array.of());
  expect(layOver({ t: [monday - 24 * hour], v: [7] }, interval, 'week', 'utc').t).toEqual(Float64Array.of());
});

test('last week over a change keeps times in order and inside the interval', () => {
  const interval = { from: new Date(2026, 9, 24, 6).getTime(), to: new Date(2026, 9, 27, 18).getTime() };
  const past = comparedInterval(interval, 'week', 'local', 60_000);
  const t = Array.from({ length: (past.to - past.from) / 600_000 }, (_, i) => past.from + i * 600_000);
  const laid = layOver({ t, v: t }, interval, 'week', 'local').t;
  expect(laid.length).toBeGreaterThan(400);
  laid.forEach((at, i) => {
    expect(at).toBeGreaterThanOrEqual(interval.from);
    expect(at).toBeLessThan(interval.to);
    if (i > 0) expect(at).toBeGreaterThan(laid[i - 1] ?? 0);
  });
});

test('a month without the date lends its last one', () => {
  const day = Date.UTC(2026, 2, 31);
  const [move] = movesOver({ from: day, to: day + 24 * hour }, 'month', 'utc');
  expect(move?.from).toBe(Date.UTC(2026, 1, 28));
});

test('damage of the past counts where it is compared with, at its own time', () => {
  const interval = { from: new Date(2026, 8, 10, 6).getTime(), to: new Date(2026, 8, 10, 18).getTime() };
  const at = (hours: number) => new Date(2026, 8, 9, hours).getTime();
  const lost = [
    { from: at(1), to: at(2) },
    { from: at(5), to: at(7) },
    { from: at(12), to: at(13) },
    { from: at(17), to: at(20) },
  ];
  expect(damagedBefore(lost, interval, 'day', 'local')).toEqual([
    { from: at(6), to: at(7) },
    { from: at(12), to: at(13) },
    { from: at(17), to: at(18) },
  ]);
  expect(damagedBefore(lost, interval, 'week', 'local')).toEqual([]);
});
