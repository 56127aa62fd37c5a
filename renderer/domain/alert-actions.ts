import { useMemo } from 'react';
import { type FeedAlert, maxAlertsPerCall } from '#common/contract/console/alerts.ts';
import { describeError } from '#renderer/ui/describe-error.ts';
import { defineMessages, useText } from '#renderer/ui/i18n.ts';
import { replaceToast, toast, toastError } from '#renderer/ui/toast.tsx';
import { type BatchCall, callInParts, inCalls } from './call-in-parts.ts';
import { useConnections, useConsole } from './queries/index.ts';

const messages = defineMessages(
  {
    acknowledged: { one: 'Acknowledged “{name}”', other: 'Acknowledged {count} alerts' },
    unacknowledged: { one: 'Released “{name}”', other: 'Released {count} alerts' },
    snoozed: { one: 'Snoozed “{name}”', other: 'Snoozed {count} alerts' },
    unsnoozed: { one: 'Snooze of “{name}” ended', other: 'Snooze of {count} alerts ended' },
    underWay: '{done} of {all} alerts',
    undo: 'Undo',
    queued: 'The backend isn’t responding. The change is stored here and sent when it does.',
    failed: 'The change couldn’t be sent',
    undoFailed: 'The change couldn’t be undone',
  },
  {
    acknowledged: {
      one: 'تم الإقرار بـ«{name}»',
      two: 'تم الإقرار بتنبيهين',
      few: 'تم الإقرار بـ{count} تنبيهات',
      many: 'تم الإقرار بـ{count} تنبيهًا',
      other: 'تم الإقرار بـ{count} تنبيه',
    },
    unacknowledged: {
      one: 'أُلغي الإقرار بـ«{name}»',
      two: 'أُلغي الإقرار بتنبيهين',
      few: 'أُلغي الإقرار بـ{count} تنبيهات',
      many: 'أُلغي الإقرار بـ{count} تنبيهًا',
      other: 'أُلغي الإقرار بـ{count} تنبيه',
    },
    snoozed: {
      one: 'تم تأجيل «{name}»',
      two: 'تم تأجيل تنبيهين',
      few: 'تم تأجيل {count} تنبيهات',
      many: 'تم تأجيل {count} تنبيهًا',
      other: 'تم تأجيل {count} تنبيه',
    },
    unsnoozed: {
      one: 'انتهى تأجيل «{name}»',
      two: 'انتهى تأجيل تنبيهين',
      few: 'انتهى تأجيل {count} تنبيهات',
      many: 'انتهى تأجيل {count} تنبيهًا',
      other: 'انتهى تأجيل {count} تنبيه',
    },
    underWay: 'التنبيهات: {done} من {all}',
    undo: 'تراجع',
    queued: 'لا يستجيب الخادم. يُخزَّن التغيير هنا ويُرسل عندما يستجيب.',
    failed: 'تعذر إرسال التغيير',
    undoFailed: 'تعذر التراجع عن التغيير',
  },
);

export interface AlertActions {
  acknowledge: (alerts: readonly FeedAlert[], note?: string) => Promise<void>;
  unacknowledge: (alerts: readonly FeedAlert[]) => Promise<void>;
  snooze: (alerts: readonly FeedAlert[], until: number, reason: string) => Promise<void>;
  unsnooze: (alerts: readonly FeedAlert[]) => Promise<void>;
}

type Verb = 'acknowledged' | 'unacknowledged' | 'snoozed' | 'unsnoozed';

/**
 * Actions on any number of alerts, across connections, and offline too. One toast says what was done and offers to undo it for ten seconds.
 * Failures are shown, never thrown.
 */
export function useAlertActions(): AlertActions {
  const { alerts: service } = useConsole();
  const connections = useConnections().data;
  const t = useText(messages);
  return useMemo(() => {
    const undo = async (outboxIds: readonly string[]): Promise<void> => {
      try {
        // Newest first, as a single call would undo them.
        for (const ids of inCalls(outboxIds).reverse()) await service.undo({ outboxIds: ids });
      } catch (error) {
        toastError(t('undoFailed'), error);
      }
    };
    const run = async (verb: Verb, alerts: readonly FeedAlert[], call: BatchCall): Promise<void> => {
      const first = alerts[0];
      if (!first) return;
      const count = alerts.length;
      const progressId = count > maxAlertsPerCall ? toast({ message: t('underWay', { done: 0, all: count }), progress: 0 }) : null;
      const onProgress = (done: number) => {
        if (progressId !== null) replaceToast(progressId, { message: t('underWay', { done, all: count }), progress: done / count });
      };
      const { outboxIds, done, error } = await callInParts(alerts, call, onProgress);
      const offline = connections?.some((one) => one.state !== 'live' && alerts.some((alert) => alert.connectionId === one.id)) ?? false;
      const detail = error === null ? (offline ? t('queued') : undefined) : `${t('failed')}: ${describeError(error).message}`;
      const show = progressId === null ? toast : (input: Parameters<typeof toast>[0]) => replaceToast(progressId, input);
      show({
        message: done === 0 ? t('failed') : t(verb, { count: done, name: first.ruleName }),
        ...(error === null ? {} : { tone: 'problem' }),
        ...(done === 0 && error !== null ? { detail: describeError(error).message } : detail === undefined ? {} : { detail }),
        ...(outboxIds.length === 0 ? {} : { action: { label: t('undo'), run: () => void undo(outboxIds) } }),
      });
    };
    return {
      acknowledge: (alerts, note = '') => run('acknowledged', alerts, (target) => service.acknowledge({ ...target, note })),
      unacknowledge: (alerts) => run('unacknowledged', alerts, (target) => service.unacknowledge(target)),
      snooze: (alerts, until, reason) => run('snoozed', alerts, (target) => service.snooze({ ...target, until, reason })),
      unsnooze: (alerts) => run('unsnoozed', alerts, (target) => service.unsnooze(target)),
    };
  }, [service, connections, t]);
}
