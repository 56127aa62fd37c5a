import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alert } from '#common/contract/alerts.ts';
import type { AlertMatcher, Policies } from '#common/contract/policies.ts';
import { PolicySnapshot } from '#common/policies/notification-path.ts';
import { sampleAlert } from '../alerts/sample.ts';
import type { NoticeContext, NoticeDraft } from './rules.ts';
import { draftOf, fold, isQuiet, stormAbove, suppressionOf, worst } from './rules.ts';
import { firedContent, nameOf } from './words.ts';

const open = { enabled: false, from: 0, to: 0 };
const night = { enabled: true, from: 1_320, to: 420 };
const none: Policies = { silences: [], maintenance: [], inhibitions: [] };
const at = (change: Partial<NoticeContext> = {}, policies = none, firing: Alert[] = []): NoticeContext => {
  const now = 10_000;
  const pathOf = (alert: Alert) => new PolicySnapshot(policies, firing, now).pathOf(alert);
  return { now, minuteOfDay: 600, quiet: open, pathOf, ...change };
};

describe('quiet hours', () => {
  test.each([
    [1_319, false],
    [1_320, true],
    [0, true],
    [419, true],
    [420, false],
  ])('22:00 to 7:00 at minute %i: %s', (minute, quiet) => expect(isQuiet(night, minute)).toBe(quiet));

  test('within one day, all day, and never', () => {
    expect(isQuiet({ enabled: true, from: 60, to: 120 }, 60)).toBe(true);
    expect(isQuiet({ enabled: true, from: 60, to: 120 }, 120)).toBe(false);
    expect(isQuiet({ enabled: true, from: 60, to: 60 }, 700)).toBe(true);
    expect(isQuiet(open, 0)).toBe(false);
  });

  test('inside and outside swap with the ends, at every minute', () => {
    const minute = fc.integer({ min: 0, max: 1_439 });
    fc.assert(
      fc.property(minute, minute, minute, (from, to, now) => {
        fc.pre(from !== to);
        expect(isQuiet({ enabled: true, from, to }, now)).toBe(!isQuiet({ enabled: true, from: to, to: from }, now));
      }),
    );
  });
});

describe('who gets a popup', () => {
  const high = sampleAlert({ severity: 'HIGH' });
  const acknowledgement = { by: 'omar', at: 1, note: '', expiresAt: null };
  const snooze = { by: 'omar', at: 1, until: 20_000, reason: 'parts' };

  test.each([
    ['nothing in the way', high, at(), null],
    ['it has an owner', { ...high, acknowledgement }, at(), 'acknowledged'],
    ['the acknowledgement has expired', { ...high, acknowledgement: { ...acknowledgement, expiresAt: 9_999 } }, at(), null],
    ['snoozed', { ...high, snooze }, at(), 'snoozed'],
    ['the snooze is over', { ...high, snooze: { ...snooze, until: 10_000 } }, at(), null],
    ['shown recently', { ...high, suppressed: true }, at(), 'suppression-window'],
    ['night', high, at({ quiet: night, minuteOfDay: 60 }), 'quiet-hours'],
    ['critical wakes', { ...high, severity: 'CRITICAL' as const }, at({ quiet: night, minuteOfDay: 60 }), null],
  ])('%s', (_what, alert, context, why) => expect(suppressionOf(alert, 'fired', context).suppressed).toBe(why));

  test('an acknowledged alert is still announced when it resolves', () => {
    expect(suppressionOf({ ...high, acknowledgement }, 'resolved', at())).toEqual({ suppressed: null, stop: null });
  });

  const stored = { by: 'sara', createdAt: 1, version: 1 };
  const belt2: AlertMatcher[] = [{ name: 'segment', operator: '=', value: 'belt-2' }];
  const silence = { ...stored, id: 's', matchers: belt2, startsAt: 5_000, endsAt: 20_000, reason: 'pump replaced' };
  const stop = { silenceId: 's', by: 'sara', reason: 'pump replaced', until: 20_000 };

  test('a silenced alert has none, neither when it fires nor when it resolves, and its notice says who silenced it', () => {
    const silenced = at({}, { ...none, silences: [silence] });
    for (const kind of ['fired', 'resolved'] as const)
      expect(suppressionOf(high, kind, silenced)).toEqual({ suppressed: 'silenced', stop: { step: 'silence', stop } });
    expect(suppressionOf({ ...high, labels: { segment: 'belt-3' } }, 'fired', silenced).suppressed).toBeNull();
    expect(suppressionOf(high, 'fired', at({}, { ...none, silences: [{ ...silence, endsAt: 10_000 }] })).suppressed).toBeNull();
  });

  test('a critical alert in maintenance has none', () => {
    const window = { ...stored, id: 'm', name: 'Sunday cleaning', matchers: belt2, timeZone: 'UTC', reason: 'cleaning' };
    const maintenance = [{ ...window, startsAt: '1970-01-01T00:00', durationMs: 60_000, recurrence: null }];
    expect(suppressionOf(sampleAlert(), 'fired', at({}, { ...none, maintenance }))).toMatchObject({
      suppressed: 'maintenance',
      stop: { step: 'maintenance', stop: { name: 'Sunday cleaning', until: 60_000 } },
    });
  });

  test('an inhibited alert has none, while the alert that explains it fires', () => {
    const source = sampleAlert({ id: 'power', ruleCode: 'power-lost', labels: { segment: 'hall' } });
    const rule: AlertMatcher[] = [{ name: 'rule', operator: '=', value: 'power-lost' }];
    const inhibitions = [{ ...stored, id: 'i', name: 'Power lost', source: rule, target: belt2, equal: [] }];
    expect(suppressionOf(high, 'fired', at({}, { ...none, inhibitions }, [source, high]))).toMatchObject({
      suppressed: 'inhibited',
      stop: { step: 'inhibition', stop: { name: 'Power lost', sourceId: 'power' } },
    });
    expect(suppressionOf(high, 'fired', at({}, { ...none, inhibitions }, [high])).suppressed).toBeNull();
  });
});

describe('what is announced', () => {
  const firing = sampleAlert();
  const resolved = sampleAlert({ state: 'RESOLVED', resolvedAt: 9_000, version: 2 });

  test('an alert not known before', () => expect(draftOf(undefined, firing, true, at())).toMatchObject({ kind: 'fired', pops: true }));
  test('not a known alert', () => expect(draftOf(firing, { ...firing, version: 2 }, true, at())).toBeNull());
  test('its end', () => expect(draftOf(firing, resolved, true, at())).toMatchObject({ kind: 'resolved', pops: true }));
  test('not its end twice', () => expect(draftOf(resolved, { ...resolved, version: 3 }, true, at())).toBeNull());
  test('only in the inbox: an alert that fired and resolved while disconnected', () =>
    expect(draftOf(undefined, resolved, true, at())).toMatchObject({ kind: 'resolved', pops: false }));
  test('not an alert that resolved before the first contact', () => expect(draftOf(undefined, resolved, false, at())).toBeNull());
});

describe('a storm', () => {
  const drafts = (count: number, suppressed: NoticeDraft['suppressed'] = null): NoticeDraft[] =>
    Array.from({ length: count }, (_, i) => ({ kind: 'fired', alert: sampleAlert({ id: String(i) }), suppressed, stop: null, pops: true }));

  test('starts above five within the window', () => {
    expect(fold(drafts(stormAbove), 0, false)).toEqual({ drafts: drafts(stormAbove), storm: false });
    expect(fold(drafts(1), stormAbove - 1, false).storm).toBe(false);
    expect(fold(drafts(1), stormAbove, false)).toEqual({ drafts: drafts(1, 'storm'), storm: true });
    expect(fold(drafts(stormAbove + 1), 0, false).drafts.every(({ suppressed }) => suppressed === 'storm')).toBe(true);
  });
  test('continues while firings keep coming', () => expect(fold(drafts(1), 1, true).storm).toBe(true));
  test('does not count suppressed notices', () => expect(fold(drafts(20, 'quiet-hours'), 0, false).storm).toBe(false));
  test('does not affect resolutions', () => {
    const end: NoticeDraft = { kind: 'resolved', alert: sampleAlert(), suppressed: null, stop: null, pops: true };
    expect(fold([end, ...drafts(6)], 0, false).drafts[0]).toEqual(end);
  });
  test('has the highest severity of its alerts', () => expect(worst(['WARNING', 'CRITICAL', 'INFO'])).toBe('CRITICAL'));
});

describe('words', () => {
  test('an alert is named by its rule and its series', () => {
    expect(nameOf(sampleAlert())).toBe('Belt speed low · belt-2');
    expect(nameOf(sampleAlert({ labels: {} }))).toBe('Belt speed low');
    expect(nameOf(sampleAlert({ labels: { loader: 'belt-speed', segment: 'belt-2' } }))).toBe('Belt speed low · belt-2');
    expect(nameOf(sampleAlert({ labels: { segment: 'belt-2', team: 'ops' }, ruleLabels: { team: 'ops' } }))).toBe(
      'Belt speed low · belt-2',
    );
    expect(nameOf(sampleAlert({ labels: { loader: 'belt-speed' } }))).toBe('Belt speed low');
  });

  test('the reason is the evaluation’s own, or what is known without one', () => {
    const held = { kind: 'threshold' as const, value: 0.2, threshold: 0.6, windowFrom: 0, windowTo: 1, points: 9 };
    const reasons = [
      { ...held, text: 'Average is 0.2.', holds: true },
      { ...held, text: 'Not this.', holds: false },
    ];
    expect(firedContent(sampleAlert({ reasons })).reasons).toEqual([{ text: 'Average is 0.2.' }]);
    expect(firedContent(sampleAlert({ value: 1234567.891, threshold: 1e6, operator: '>', unit: 'B' })).params['reason']).toBe(
      '1.23 MB > 1 MB',
    );
    expect(firedContent(sampleAlert({ value: 0.1 + 0.2, threshold: 0.25, operator: '>' })).params['reason']).toBe('0.3 m/s > 0.25 m/s');
    expect(firedContent(sampleAlert({ value: 12_345, threshold: 10_000, operator: '>', unit: '' })).params['reason']).toBe(
      '12,345 > 10,000',
    );
    const annotations = { summary: 'belt-2 is slow.' };
    expect(firedContent(sampleAlert({ reasons, annotations }))).toEqual({
      code: 'fired',
      params: { alert: 'Belt speed low · belt-2', reason: 'belt-2 is slow.' },
    });
    expect(firedContent(sampleAlert({ annotations, cause: 'no-data', reasons: [] })).code).toBe('fired_no_data');
    expect(firedContent(sampleAlert()).params['reason']).toBe('0.2 m/s < 0.6 m/s');
    expect(firedContent(sampleAlert({ cause: 'no-data', value: null })).code).toBe('fired_no_data');
  });
});
