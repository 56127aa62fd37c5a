import { describe, expect, it } from 'vitest';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Notice } from '#common/contract/console/settings.ts';
import { expiresAt, stillShown, withNotice } from './store.ts';

const notice = (more: Partial<Notice>): Notice => ({
  id: 'n1',
  kind: 'fired',
  connectionId: 'c1',
  alertIds: ['a1'],
  severity: 'CRITICAL',
  title: '',
  body: '',
  at: 1_000,
  suppressed: null,
  read: false,
  ...more,
});
const alert = (more: Partial<FeedAlert>): FeedAlert =>
  ({ id: 'a1', state: 'FIRING', acknowledgement: null, snooze: null, ...more }) as FeedAlert;
const taken = { by: 'sara', at: 2_000, note: '', expiresAt: null };

describe('popups', () => {
  it('puts the newest on top and leaves out what is held back', () => {
    const shown = withNotice([notice({})], notice({ id: 'n2', alertIds: ['a2'] }));
    expect(shown.map((one) => one.id)).toEqual(['n2', 'n1']);
    expect(withNotice(shown, notice({ id: 'n3', alertIds: ['a3'], suppressed: 'quiet-hours' }))).toHaveLength(2);
  });

  it('lets what resolved take the place of what fired, on its own connection only', () => {
    const other = notice({ id: 'n0', connectionId: 'c2' });
    const shown = withNotice([notice({}), other], notice({ id: 'n2', kind: 'resolved' }));
    expect(shown.map((one) => one.id)).toEqual(['n2', 'n0']);
  });

  it('keeps a critical one until someone has it', () => {
    expect(expiresAt(notice({}))).toBeNull();
    expect(stillShown([notice({})], [alert({})], 1e9)).toHaveLength(1);
    expect(stillShown([notice({})], [alert({ acknowledgement: taken })], 1e9)).toHaveLength(0);
    expect(stillShown([notice({})], [alert({ state: 'RESOLVED' })], 1e9)).toHaveLength(0);
  });

  it('keeps a storm while one of its alerts is open, and a notice that came before its alert', () => {
    const storm = notice({ kind: 'storm', alertIds: ['a1', 'a2'] });
    expect(stillShown([storm], [alert({ acknowledgement: taken }), alert({ id: 'a2' })], 2_000)).toHaveLength(1);
    expect(stillShown([notice({})], [], 2_000)).toHaveLength(1);
  });

  it('lets a warning and a resolution go by themselves', () => {
    expect(stillShown([notice({ severity: 'WARNING' })], [alert({})], 30_999)).toHaveLength(1);
    expect(stillShown([notice({ severity: 'WARNING' })], [alert({})], 31_000)).toHaveLength(0);
    expect(stillShown([notice({ kind: 'resolved' })], [alert({ state: 'RESOLVED' })], 13_000)).toHaveLength(0);
  });
});
