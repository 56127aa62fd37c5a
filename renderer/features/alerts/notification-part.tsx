import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { PathStep } from '#common/contract/policies.ts';
import { alertSeries } from '#renderer/domain/alerts.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { usePaths } from '#renderer/domain/policies/notification-paths.ts';
import { silenceWords } from '#renderer/domain/policies/silence-words.ts';
import { useEndSilence } from '#renderer/domain/policies/use-silence-actions.ts';
import { useStopSentence } from '#renderer/domain/policies/use-stop-sentence.ts';
import { useAlerts, useConnections } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { useNow } from '#renderer/ui/time.tsx';
import { words } from './words.ts';

const order: readonly PathStep['step'][] = ['inhibition', 'silence', 'maintenance', 'acknowledgement', 'snooze', 'suppression'];

/** Whether a firing alert notifies, what keeps it from that otherwise, and each step on the way. */
export function NotificationPart({ alert }: { alert: FeedAlert }) {
  const t = useText(words);
  const path = usePaths().pathOf(alert);
  if (path === null) return <p className="text-muted">{t('pathUnknown')}</p>;
  const last = path.steps.at(-1);
  return (
    <>
      {path.notifies || last === undefined ? (
        <p>{t('notifies')}</p>
      ) : (
        <p className="text-pretty">
          {t('notNotified')} <Why alert={alert} step={last} />
        </p>
      )}
      {last?.step === 'silence' && last.stop !== null && <EndSilence alert={alert} silence={last.stop} />}
      <details className="text-sm">
        <summary className="w-fit cursor-default text-muted hover:text-foreground">{t('steps')}</summary>
        <dl className="mt-1 grid grid-cols-[max-content_1fr] gap-x-3 gap-y-1">
          {order.map((name) => {
            const step = path.steps.find((one) => one.step === name);
            return (
              <Fragment key={name}>
                <dt className="text-faint">{t(`step_${name}`)}</dt>
                <dd className="min-w-0">
                  {step === undefined ? (
                    <span className="text-faint">{t('notReached')}</span>
                  ) : step.stop === null ? (
                    t('passes')
                  ) : (
                    <Why alert={alert} step={step} />
                  )}
                </dd>
              </Fragment>
            );
          })}
        </dl>
      </details>
    </>
  );
}

/** Ends the silence that stops an alert. */
function EndSilence({ alert, silence }: { alert: FeedAlert; silence: { silenceId: string; until: number } }) {
  const t = useText(silenceWords);
  const end = useEndSilence();
  const connection = useConnections().data?.find(({ id }) => id === alert.connectionId);
  const denied = usePermission(connection, 'OPERATOR', true);
  if (connection === undefined) return null;
  return (
    <Button size="sm" className="self-start" tooltip={t('endHint')} disabledReason={denied} onClick={() => void end(connection, silence)}>
      {t('end')}
    </Button>
  );
}

/** What a step does to an alert. An alert that inhibits it is a link. */
function Why({ alert, step }: { alert: FeedAlert; step: PathStep }) {
  const t = useText(words);
  const describe = useStopSentence();
  const now = useNow();
  const alerts = useAlerts().data ?? [];
  const sourceId = step.step === 'inhibition' ? step.stop?.sourceId : undefined;
  const source =
    sourceId === undefined
      ? undefined
      : alerts.find((one) => alertKey(one) === alertKey({ connectionId: alert.connectionId, id: sourceId }));
  if (source === undefined) return <bdi>{describe(step, now)}</bdi>;
  return (
    <>
      {t('inhibitedBy')}{' '}
      <Link {...places.inAlerts(source)} className="text-accent underline underline-offset-2">
        <bdi>{[source.ruleName, alertSeries(source)].filter(Boolean).join(' · ')}</bdi>
      </Link>
    </>
  );
}

/** Marks a row whose alert a policy keeps from notifying, with the reason. */
export function SilencedMark({ alert }: { alert: FeedAlert }) {
  const describe = useStopSentence();
  const step = usePaths().policyStopOf(alert);
  if (step === null) return null;
  const why = describe(step, Date.now()) ?? '';
  return (
    <span title={why}>
      <StatusSymbol status="silenced" bare label={why} />
    </span>
  );
}
