import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { useAlertActions } from '#renderer/domain/alert-actions.ts';
import { usePermission, usePermissions } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { useConnections } from '#renderer/domain/queries/index.ts';
import { severityTone } from '#renderer/domain/severity.tsx';
import { SnoozeDialog } from '#renderer/domain/snooze-dialog.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { Kbd } from '#renderer/ui/parts.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { AlertRow, AlertRows } from './alert-row.tsx';
import { messages } from './messages.ts';

/** Maximum number of rows; more are triaged on the Alerts screen. */
const maxRows = 12;

function Row({ alert, selected, keyed }: { alert: FeedAlert; selected: boolean; keyed: boolean }) {
  const t = useText(messages);
  const actions = useAlertActions();
  const connection = useConnections().data?.find((one) => one.id === alert.connectionId);
  const refused = usePermission(connection, 'OPERATOR');
  return (
    <AlertRow alert={alert} selected={selected}>
      <Age at={alert.firedAt} bare className="min-w-14 text-end" />
      <span className="flex items-center justify-end gap-2">
        <Kbd keys="a" className={keyed ? '' : 'invisible'} />
        <Button size="sm" disabledReason={refused} onClick={() => void actions.acknowledge([alert])}>
          {t('acknowledge')}
        </Button>
      </span>
    </AlertRow>
  );
}

/** Firing alerts without an owner, most urgent first; `j` and `k` move, `a` acknowledges. */
export function AlertsWithoutOwner({ alerts }: { alerts: readonly FeedAlert[] }) {
  const t = useText(messages);
  const navigate = useNavigate();
  const actions = useAlertActions();
  const [chosen, setChosen] = useState<string | null>(null);
  const [snoozing, setSnoozing] = useState<readonly FeedAlert[]>([]);
  const shown = alerts.slice(0, maxRows);
  // The selection follows its alert, not its row, so that a new row above doesn't change what the key acts on.
  const place = shown.findIndex((alert) => alert.id === chosen);
  const target = shown[place] ?? shown[0];
  const move = (by: number) => setChosen(shown[Math.min(shown.length - 1, Math.max(0, (place === -1 ? -1 : place) + by))]?.id ?? null);
  const refusedOn = usePermissions('OPERATOR');
  const refused = target && refusedOn(target.connectionId);
  const mine = useMemo(() => alerts.filter((alert) => refusedOn(alert.connectionId) === undefined), [alerts, refusedOn]);
  useKeys('screen', [
    { keys: 'j', title: t('nextKey'), run: () => move(1) },
    { keys: 'k', title: t('previousKey'), run: () => move(-1) },
    { keys: 'a', title: t('acknowledgeKey'), run: () => target && void actions.acknowledge([target]), disabledReason: refused },
    { keys: 's', title: t('snoozeKey'), run: () => target && setSnoozing([target]), disabledReason: refused },
    {
      keys: 'Enter',
      title: t('openKey'),
      run: () => target && void navigate(places.alert(target.connectionId, target.id)),
    },
  ]);
  const worst = alerts[0];
  return (
    <section>
      <header className="mb-2 flex items-baseline gap-3">
        <h2 className="text-2xl">
          <span className={worst && severityTone(worst.severity)}>{t('needSomeone', { count: alerts.length })}</span>
        </h2>
        <span className="flex-1" />
        {alerts.length > 1 && (
          <Button
            size="sm"
            variant="ghost"
            disabledReason={mine.length === 0 ? refused : undefined}
            onClick={() => void actions.acknowledge(mine)}
          >
            {t('acknowledgeAll', { count: mine.length === 0 ? alerts.length : mine.length })}
          </Button>
        )}
      </header>
      <AlertRows>
        {shown.map((alert) => (
          <Row key={alert.id} alert={alert} selected={alert.id === chosen} keyed={alert === target} />
        ))}
      </AlertRows>
      {alerts.length > shown.length && (
        <Button variant="link" className="mt-2" onClick={() => void navigate(places.alerts())}>
          {t('more', { count: alerts.length - shown.length })}
        </Button>
      )}
      <SnoozeDialog alerts={snoozing} onClose={() => setSnoozing([])} />
    </section>
  );
}
