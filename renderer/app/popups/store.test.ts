import { describe, expect, it } from 'vitest';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Notice } from '#common/contract/console/settings.ts';
import { actionable, expiresAt, stillShown, unownedById, withCount, withNotice } from './store.ts';

const notice = (more: Partial<Notice>): Notice => ({
  id: 'n1',
  kind: 'fired',
  connectionId: 'c1',
  alertIds: ['a1'],
  severity: 'CRITICAL',
  title: '',
  body: '',
  content: null,
  at: 1_000,
  suppressed: null,
  read: false,
  ...more,
});
const alert = (more: Partial<FeedAlert>): FeedAlert =>
  ({ id: 'a1', state: 'FIRING', acknowledgement: null, snooze: null, ...more }) as FeedAlert;
const taken = { by: 'sara', at: 2_000, note: '', expiresAt: null };

describe('popups', () => {
  it('puts the newest on top and leaves out suppressed ones', () => {
    const shown = withNotice([notice({})], notice({ id: 'n2', alertIds: ['a2'] }));
    expect(shown.map((one) => one.id)).toEqual(['n2', 'n1']);
    expect(withNotice(shown, notice({ id: 'n3', alertIds: ['a3'], suppressed: 'quiet-hours' }))).toHaveLength(2);
  });

  it('replaces a fired notice by the resolved one, only on the same connection', () => {
    const other = notice({ id: 'n0', connectionId: 'c2' });
    const shown = withNotice([notice({}), other], notice({ id: 'n2', kind: 'resolved' }));
    expect(shown.map((one) => one.id)).toEqual(['n2', 'n0']);
  });

  it('keeps a critical one until someone has it', () => {
    expect(expiresAt(notice({}))).toBeNull();
    expect(stillShown([notice({})], unownedById([alert({})]), 1e9)).toHaveLength(1);
    expect(stillShown([notice({})], unownedById([alert({ acknowledgement: taken })]), 1e9)).toHaveLength(0);
    expect(stillShown([notice({})], unownedById([alert({ state: 'RESOLVED' })]), 1e9)).toHaveLength(0);
    expect(stillShown([notice({})], unownedById([alert({})], new Set([alertKey(alert({}))])), 1e9)).toHaveLength(0);
  });

  it('keeps a storm while one of its alerts is open, and a notice that came before its alert', () => {
    const storm = notice({ kind: 'storm', alertIds: ['a1', 'a2'] });
    expect(stillShown([storm], unownedById([alert({ acknowledgement: taken }), alert({ id: 'a2' })]), 2_000)).toHaveLength(1);
    expect(stillShown([notice({})], unownedById([]), 2_000)).toHaveLength(1);
  });

  it('lets a storm count on in its place, and not come back where it was dismissed', () => {
    const storm = notice({ kind: 'storm', alertIds: ['a1', 'a2'] });
    const grown = { ...storm, alertIds: Array.from({ length: 374 }, (_, n) => `a${n}`) };
    expect(withCount([notice({ id: 'n9' }), storm], grown)).toEqual([notice({ id: 'n9' }), grown]);
    expect(withCount([], grown)).toEqual([]);
  });

  it('acts on exactly its own alerts that need an owner', () => {
    const storm = notice({ kind: 'storm', alertIds: ['a1', 'a2', 'a3', 'a4'] });
    const alerts = [
      alert({ id: 'a1', connectionId: 'c1' }),
      alert({ id: 'a2', connectionId: 'c1', acknowledgement: taken }),
      alert({ id: 'a3', connectionId: 'c1', state: 'RESOLVED' }),
      alert({ id: 'a4', connectionId: 'c2' }),
      alert({ id: 'a5', connectionId: 'c1' }),
    ];
    expect(actionable(storm, alerts).map(({ id }) => id)).toEqual(['a1']);
  });

  it('lets a warning and a resolution go by themselves', () => {
    expect(stillShown([notice({ severity: 'WARNING' })], unownedById([alert({})]), 30_999)).toHaveLength(1);
    expect(stillShown([notice({ severity: 'WARNING' })], unownedById([alert({})]), 31_000)).toHaveLength(0);
    expect(stillShown([notice({ kind: 'resolved' })], unownedById([alert({ state: 'RESOLVED' })]), 13_000)).toHaveLength(0);
  });
});
