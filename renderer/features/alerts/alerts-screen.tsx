import { useCallback, useDeferredValue, useMemo, useRef } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { useAddress } from '#renderer/domain/address.ts';
import { type NotificationPaths, NotificationPathsContext, useNotificationPaths } from '#renderer/domain/policies/notification-paths.ts';
import { SilenceDialog } from '#renderer/domain/policies/silence-dialog.tsx';
import { useAlerts, useConnections } from '#renderer/domain/queries/index.ts';
import { SnoozeDialog } from '#renderer/domain/snooze-dialog.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Empty, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { AlertPane } from './alert-pane.tsx';
import { AlertTable } from './alert-table.tsx';
import { FilterBar, NewBar, SelectionBar } from './list-bar.tsx';
import { saveAlerts } from './save-alerts.ts';
import { useAlertKeys } from './use-alert-keys.ts';
import { type HeldAlertList, useList } from './use-list.ts';
import { type OpenAlert, useOpenAlert } from './use-open-alert.ts';
import { type TargetActions, useTargetActions } from './use-target-actions.ts';
import { type Ticks, useTicked } from './use-ticked.ts';
import { ViewRail } from './view-rail.tsx';
import { type AlertsAddress, type AlertsChange, alertsAddress, countsOf, meOn, readyRulesIn, type Sort, type Viewing } from './views.ts';
import { words } from './words.ts';

const none: readonly FeedAlert[] = [];

/** Triage: views, the list, and one alert next to it. Every action has a key and works offline. */
export function AlertsScreen() {
  const t = useText(words);
  const { language } = usePreferences();
  const [address, set] = useAddress(alertsAddress);
  const { data: alerts, error, refetch } = useAlerts();
  const { viewing, paths } = useViewing(alerts ?? none);
  const counts = useMemo(() => countsOf(alerts ?? none, viewing), [alerts, viewing]);
  const readyRules = useMemo(() => readyRulesIn(alerts ?? none, address.view, viewing), [alerts, address.view, viewing]);
  const opened = useOpenAlert(alerts);
  const ticks = useTicked(alerts);
  const targets = ticks.ticked.length > 0 ? ticks.ticked : opened.alert ? [opened.alert] : none;
  const actions = useTargetActions(targets, ticks.clear);
  // Typing shows in the filter at once; the list follows when there is time, skipping intermediate texts.
  const asked = useDeferredValue(address);
  const list = useList(alerts, asked, viewing, opened.isNamed || ticks.ticked.length > 0);
  const filter = useRef<HTMLInputElement>(null);
  useAlertKeys({ list, opened, ticks, actions, filter });
  const change = useCallback((next: AlertsChange) => set(next, true), [set]);

  if (error && !alerts) return <ErrorState title={t('readFailed')} error={error} retry={() => void refetch()} />;
  if (!alerts) return <Loading />;
  return (
    <NotificationPathsContext value={paths}>
      <div className="flex h-full min-w-0 max-md:flex-col">
        <ViewRail
          view={address.view}
          counts={counts}
          isBesidePage={opened.isNamed}
          onChoose={(view) => {
            ticks.clear();
            set({ view });
          }}
        />
        <section className="relative flex min-h-0 min-w-80 flex-1 flex-col max-md:min-w-0">
          {ticks.ticked.length > 0 ? (
            <SelectionBar count={ticks.ticked.length} actions={actions} onClear={ticks.clear} />
          ) : (
            <FilterBar {...{ address, filter, readyRules }} set={change} onExport={() => saveAlerts(address.view, list.rows, language)} />
          )}
          <div className="relative h-0">
            <NewBar waiting={list.waiting} onShow={list.showWaiting} />
          </div>
          <Rows list={list} asked={asked} onChange={change} opened={opened} ticks={ticks} />
        </section>
        {opened.isNamed && (
          <aside className="flex w-[clamp(20rem,40%,46rem)] shrink-0 flex-col border-s bg-surface max-md:h-1/2 max-md:w-full max-md:border-s-0 max-md:border-t">
            <Opened opened={opened} alerts={alerts} actions={actions} />
          </aside>
        )}
        <Dialogs actions={actions} onDone={ticks.clear} />
      </div>
    </NotificationPathsContext>
  );
}

/** Returns what the views depend on, and the ways of the alerts to their notifications. */
function useViewing(alerts: readonly FeedAlert[]): { viewing: Viewing; paths: NotificationPaths } {
  const connections = useConnections().data;
  const paths = useNotificationPaths(alerts);
  const viewing = useMemo(
    () => ({ me: meOn(connections ?? []), isSilenced: (alert: FeedAlert) => paths.policyStopOf(alert) !== null }),
    [connections, paths],
  );
  return { viewing, paths };
}

/** The dialogs of the actions that ask for something. */
function Dialogs({ actions, onDone }: { actions: TargetActions; onDone: () => void }) {
  const { snoozing, setSnoozing, silencing, setSilencing } = actions;
  const connectionId = silencing[0]?.connectionId;
  const close = () => {
    setSnoozing(none);
    setSilencing(none);
    onDone();
  };
  return (
    <>
      {snoozing.length > 0 && <SnoozeDialog alerts={snoozing} onClose={close} />}
      {connectionId !== undefined && <SilenceDialog connectionId={connectionId} alerts={silencing} onClose={close} />}
    </>
  );
}

const emptyWord = {
  mine: 'emptyMine',
  unowned: 'emptyUnowned',
  firing: 'emptyFiring',
  snoozed: 'emptySnoozed',
  silenced: 'emptySilenced',
  history: 'emptyHistory',
} as const;

interface RowsProps {
  list: HeldAlertList;
  /** The query that the list answers. */
  asked: AlertsAddress;
  onChange: (change: AlertsChange) => void;
  opened: OpenAlert;
  ticks: Ticks;
}

/** The list, or why it is empty. */
function Rows({ list, asked, onChange, opened, ticks }: RowsProps) {
  const t = useText(words);
  const sortBy = useCallback((sort: Sort) => onChange({ sort }), [onChange]);
  if (list.rows.length === 0) {
    const isFiltered = asked.q !== '' || asked.severity !== undefined || asked.template !== undefined;
    const clear = <Button onClick={() => onChange({ q: undefined, severity: undefined, template: undefined })}>{t('clearFilter')}</Button>;
    return (
      <Empty className="flex-1" action={isFiltered && clear}>
        {t(isFiltered ? 'emptyFiltered' : emptyWord[asked.view])}
      </Empty>
    );
  }
  return (
    <AlertTable
      rows={list.rows}
      history={asked.view === 'history'}
      sort={asked.sort}
      onSort={sortBy}
      selected={opened.key}
      onSelect={opened.open}
      checked={ticks.checked}
      onChecked={ticks.setChecked}
      belongs={list.belongs}
      pointer={list.pointer}
    />
  );
}

interface OpenedProps {
  opened: OpenAlert;
  alerts: readonly FeedAlert[];
  actions: TargetActions;
}

/** The alert that the address names, or a message if there is none. */
function Opened({ opened: { alert, close }, alerts, actions }: OpenedProps) {
  const t = useText(words);
  if (alert)
    return (
      <AlertPane
        alert={alert}
        alerts={alerts}
        onSnooze={() => actions.setSnoozing([alert])}
        onSilence={() => actions.setSilencing([alert])}
        onClose={close}
      />
    );
  return (
    <Empty className="h-full" action={<Button onClick={close}>{t('close')}</Button>}>
      {t('unknownAlert')}
    </Empty>
  );
}
