import { describe, expect, it } from 'vitest';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { distinctNames, listedCount, seriesName, shortCount, withOwner, withoutOwner } from './alerts.ts';

const alert = (id: string, more: Partial<FeedAlert> = {}): FeedAlert =>
  ({ id, state: 'FIRING', severity: 'HIGH', firedAt: 0, acknowledgement: null, snooze: null, ...more }) as FeedAlert;
const taken = { by: 'sara', at: 0, note: '', expiresAt: null };

describe('who is needed', () => {
  const list = [
    alert('old', { firedAt: 1 }),
    alert('new', { firedAt: 2 }),
    alert('worst', { severity: 'CRITICAL' }),
    alert('taken', { acknowledgement: taken }),
    alert('asleep', { snooze: { by: 'sara', at: 0, until: 1, reason: 'x' }, severity: 'CRITICAL' }),
    alert('over', { state: 'RESOLVED', severity: 'CRITICAL' }),
  ];
  it('lists alerts without an owner, the most urgent first, then the newest', () =>
    expect(withoutOwner(list).map(({ id }) => id)).toEqual(['worst', 'new', 'old']));
  it('lists those with an owner or a snooze separately', () => expect(withOwner(list).map(({ id }) => id)).toEqual(['asleep', 'taken']));
});

describe('counts', () => {
  it('are cut where there is room for three figures', () =>
    expect([0, 999, 1_000, 2_029].map(shortCount)).toEqual(['0', '999', '999+', '999+']));
  it('say where a list was cut', () => {
    expect([999, 1_000, 1_200].map((count) => listedCount(count, 1_000))).toEqual(['999', '1,000+', '1,000+']);
    expect(listedCount(2_029, Number.POSITIVE_INFINITY)).toBe('2,029');
  });
});

describe('names of series', () => {
  it('leaves the loader out unless it is all there is', () => {
    expect(seriesName({ loader: 'belt-speed', segment: 'belt-2' })).toBe('belt-2');
    expect(seriesName({ loader: 'belt-speed' })).toBe('belt-speed');
    expect(seriesName({})).toBe('');
  });
  it('leaves out what all share', () => {
    expect(
      distinctNames([
        { host: 'a', mount: '/' },
        { host: 'a', mount: '/var' },
      ]),
    ).toEqual(['/', '/var']);
    expect(distinctNames([{ host: 'a', mount: '/' }])).toEqual(['a /']);
    expect(distinctNames([{ host: 'a' }, { host: 'b' }])).toEqual(['a', 'b']);
  });
});
