import { useMemo } from 'react';
import type { FeedAlert, Queued } from '#common/contract/console/alerts.ts';
import { useConnections, useConsole } from '#renderer/link/index.ts';
import { defineMessages, useText } from './i18n.ts';
import { toast, toastError } from './toast.tsx';

const messages = defineMessages(
  {
    acknowledged: { one: 'Acknowledged “{name}”', other: 'Acknowledged {count} alerts' },
    unacknowledged: { one: 'Gave back “{name}”', other: 'Gave back {count} alerts' },
    snoozed: { one: 'Snoozed “{name}”', other: 'Snoozed {count} alerts' },
    unsnoozed: { one: 'Woke “{name}”', other: 'Woke {count} alerts' },
    undo: 'Undo',
    queued: 'The backend does not answer. The change waits here and is sent when it does.',
    failed: 'The change could not be made',
    undoFailed: 'The change could not be taken back',
  },
  {
    acknowledged: {
      one: 'تم استلام «{name}»',
      two: 'تم استلام تنبيهين',
      few: 'تم استلام {count} تنبيهات',
      other: 'تم استلام {count} تنبيهًا',
    },
    unacknowledged: { one: 'أُعيد «{name}»', two: 'أُعيد تنبيهان', few: 'أُعيدت {count} تنبيهات', other: 'أُعيد {count} تنبيهًا' },
    snoozed: { one: 'تم تأجيل «{name}»', two: 'تم تأجيل تنبيهين', few: 'تم تأجيل {count} تنبيهات', other: 'تم تأجيل {count} تنبيهًا' },
    unsnoozed: {
      one: 'أُنهي تأجيل «{name}»',
      two: 'أُنهي تأجيل تنبيهين',
      few: 'أُنهي تأجيل {count} تنبيهات',
      other: 'أُنهي تأجيل {count} تنبيهًا',
    },
    undo: 'تراجع',
    queued: 'الخادم لا يجيب. يبقى التغيير هنا ويُرسل عندما يجيب.',
    failed: 'تعذر إجراء التغيير',
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
 * What a person does to alerts: on many at once, over several connections, offline too. Each says what it did and offers to
 * take it back for ten seconds; a failure is told, never thrown.
 */
export function useAlertActions(): AlertActions {
  const { alerts: service } = useConsole();
  const connections = useConnections().data;
  const t = useText(messages);
  return useMemo(() => {
    const run = async (
      verb: Verb,
      alerts: readonly FeedAlert[],
      call: (target: { connectionId: string; ids: string[] }) => Promise<Queued>,
    ): Promise<void> => {
      const first = alerts[0];
      if (!first) return;
      const byConnection = Map.groupBy(alerts, (alert) => alert.connectionId);
      try {
        const queued = await Promise.all(
          [...byConnection].map(([connectionId, list]) => call({ connectionId, ids: list.map((alert) => alert.id) })),
        );
        const outboxIds = queued.flatMap((one) => one.outboxIds);
        const offline = connections?.some((one) => byConnection.has(one.id) && one.state !== 'live') ?? false;
        toast({
          message: t(verb, { count: alerts.length, name: first.ruleName }),
          ...(offline ? { detail: t('queued') } : {}),
          ...(outboxIds.length === 0
            ? {}
            : {
                action: {
                  label: t('undo'),
                  run: () => void service.undo({ outboxIds }).catch((error: unknown) => toastError(t('undoFailed'), error)),
                },
              }),
        });
      } catch (error) {
        toastError(t('failed'), error);
      }
    };
    return {
      acknowledge: (alerts, note = '') => run('acknowledged', alerts, (target) => service.acknowledge({ ...target, note })),
      unacknowledge: (alerts) => run('unacknowledged', alerts, (target) => service.unacknowledge(target)),
      snooze: (alerts, until, reason) => run('snoozed', alerts, (target) => service.snooze({ ...target, until, reason })),
      unsnooze: (alerts) => run('unsnoozed', alerts, (target) => service.unsnooze(target)),
    };
  }, [service, connections, t]);
}
