import { describe, expect, it } from 'vitest';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { hourMs } from '#common/time/durations.ts';
import { endOf, findSilenceProblems, isSound, matchersOf, type SilenceDraft, selectedBy } from './silence-draft.ts';

const alert = (id: string, labels: Record<string, string>, more: Partial<FeedAlert> = {}) =>
  ({
    id,
    connectionId: 'c',
    state: 'FIRING',
    ruleName: 'Slow',
    ruleCode: 'slow',
    chartCode: 'speed',
    severity: 'HIGH',
    labels,
    ...more,
  }) as FeedAlert;
const belts = ['belt-1', 'belt-2', 'belt-3'].map((segment) => alert(segment, { site: 'north', segment }));
const now = Date.parse('2026-11-27T12:30:00Z');
const draft = (change: Partial<SilenceDraft> = {}): SilenceDraft => ({
  matchers: [{ name: 'segment', operator: '=', value: 'belt-1' }],
  duration: String(hourMs),
  until: '',
  reason: 'pump replaced',
  ...change,
});

describe('matchers for alerts', () => {
  it('select one alert by its name and labels', () => {
    const matchers = matchersOf(belts.slice(0, 1));
    expect(matchers.map(({ name, operator, value }) => `${name}${operator}${value}`)).toEqual([
      'alertname=Slow',
      'site=north',
      'segment=belt-1',
    ]);
    expect(selectedBy(matchers, belts, 'c')).toEqual(belts.slice(0, 1));
  });

  it('select several by what they have in common, and values as they are', () => {
    const some = [alert('a', { path: 'C:\\(x)', only: 'a' }), alert('b', { path: 'a.b' }), alert('c', { path: 'aXb' })];
    const matchers = matchersOf(some.slice(0, 2));
    expect(matchers.map(({ name }) => name)).toEqual(['alertname', 'path']);
    expect(selectedBy(matchers, some, 'c')).toEqual(some.slice(0, 2));
  });

  it('select only firing alerts of the connection', () => {
    const others = [alert('d', { segment: 'belt-1' }, { connectionId: 'd' }), alert('e', { segment: 'belt-1' }, { state: 'RESOLVED' })];
    expect(selectedBy(draft().matchers, [...belts, ...others], 'c')).toEqual(belts.slice(0, 1));
    expect(selectedBy([{ name: 'segment', operator: '=~', value: '(' }], belts, 'c')).toBeNull();
  });
});

describe('the end of a silence', () => {
  it.each([
    [{ duration: String(hourMs) }, '2026-11-27T13:30:00Z'],
    [{ duration: 'until', until: '2026-11-28 14:00' }, '2026-11-28T14:00:00Z'],
    [{ duration: 'until', until: '14:00' }, '2026-11-27T14:00:00Z'],
    [{ duration: 'until', until: '9:15' }, '2026-11-28T09:15:00Z'],
    [{ duration: 'until', until: '2026-11-31 14:00' }, null],
    [{ duration: 'until', until: '25:00' }, null],
    [{ duration: 'until', until: 'tomorrow' }, null],
  ])('%j is %s', (change, expected) => {
    const end = endOf(draft(change), now, 'utc');
    expect(end).toBe(expected === null ? null : Date.parse(expected));
  });
});

describe('mistakes', () => {
  const problems = (change: Partial<SilenceDraft>) => findSilenceProblems(draft(change), now, 'utc');
  it('are none in a usual silence', () => expect(isSound(problems({}))).toBe(true));
  it.each<[Partial<SilenceDraft>, object]>([
    [{ reason: ' ' }, { reason: true }],
    [{ matchers: [] }, { matchers: { reason: 'matches_everything' } }],
    [{ matchers: [{ name: '', operator: '=', value: 'x' }] }, { names: [0] }],
    [{ matchers: [{ name: 'a', operator: '=~', value: '(' }] }, { matchers: { reason: 'bad_expression', index: 0 } }],
    [{ duration: 'until', until: '2026-11-26 14:00' }, { until: 'past' }],
    [{ duration: 'until', until: '2027-11-26 14:00' }, { until: 'too_long' }],
    [{ duration: 'until', until: 'soon' }, { until: 'unreadable' }],
  ])('%j', (change, expected) => {
    expect(problems(change)).toMatchObject(expected);
    expect(isSound(problems(change))).toBe(false);
  });
});
