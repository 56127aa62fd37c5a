import { useNavigate, useParams } from '@tanstack/react-router';
import type { RowSelectionState } from '@tanstack/react-table';
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Language } from '#common/format.ts';
import { describeReason } from '#common/words/reasons.ts';
import { useAddress } from '#renderer/domain/address.ts';
import { useAlertActions } from '#renderer/domain/alert-actions.ts';
import { seriesName } from '#renderer/domain/alerts.ts';
import { usePermission, usePermissions } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { useAlert, useAlerts, useConnections } from '#renderer/domain/queries/index.ts';
import { SnoozeDialog } from '#renderer/domain/snooze-dialog.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { type CsvColumn, fileTime, saveCsv } from '#renderer/ui/export.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Empty, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { AlertDetail } from './alert-detail.tsx';
import { AlertTable } from './alert-table.tsx';
import { neighbour } from './frozen.ts';
import { FilterBar, NewBar, SelectionBar } from './list-bar.tsx';
import { useList } from './use-list.ts';
import { ViewRail } from './view-rail.tsx';
import { type AlertsChange, alertsAddress, countsOf, meOn, type Sort } from './views.ts';
import { words } from './words.ts';

const none: readonly FeedAlert[] = [];
const similarShown = 8;

const columnsIn = (language: Language): CsvColumn<FeedAlert>[] => [
  { heading: 'severity', cell: (one) => one.severity },
  { heading: 'state', cell: (one) => one.state },
  { heading: 'rule', cell: (one) => one.ruleName },
  { heading: 'labels', cell: (one) => seriesName(one.labels) },
  { heading: 'value', cell: (one) => one.value },
  { heading: 'operator', cell: (one) => one.operator },
  { heading: 'threshold', cell: (one) => one.threshold },
  { heading: 'unit', cell: (one) => one.unit },
  { heading: 'fired_at', cell: (one) => new Date(one.firedAt).toISOString() },
  { heading: 'resolved_at', cell: (one) => (one.resolvedAt === null ? null : new Date(one.resolvedAt).toISOString()) },
  { heading: 'owner', cell: (one) => one.acknowledgement?.by ?? null },
  { heading: 'reason', cell: (one) => one.reasons.map((reason) => describeReason(reason, language)).join(' ') },
  { heading: 'id', cell: (one) => one.id },
];

const emptyWord = {
  mine: 'emptyMine',
  unowned: 'emptyUnowned',
  firing: 'emptyFiring',
  snoozed: 'emptySnoozed',
  history: 'emptyHistory',
} as const;

/** Triage: views, the list, and one alert beside it. Everything has a key and works offline. */
export function AlertsScreen() {
  const t = useText(words);
  const { language } = usePreferences();
  const navigate = useNavigate();
  const params: { connection?: string; id?: string } = useParams({ strict: false });
  const [address, set] = useAddress(alertsAddress);
  const { data: alerts, error, refetch } = useAlerts();
  const connections = useConnections().data;
  const actions = useAlertActions();
  const [checked, setChecked] = useState<RowSelectionState>({});
  const [snoozing, setSnoozing] = useState<readonly FeedAlert[]>(none);
  const filter = useRef<HTMLInputElement>(null);

  const me = useMemo(() => meOn(connections ?? []), [connections]);
  const counts = useMemo(() => countsOf(alerts ?? none, me), [alerts, me]);
  const selected = alerts?.find(
    (one) => one.id === params.id && (params.connection === undefined || one.connectionId === params.connection),
  );
  const selectedKey = selected ? alertKey(selected) : null;
  const ticked = useMemo(
    () => (Object.keys(checked).length === 0 ? none : (alerts ?? none).filter((one) => checked[alertKey(one)])),
    [alerts, checked],
  );
  // A key shows in the filter at once; the list follows when there is time, and passes over what was typed in between.
  const asked = useDeferredValue(address);
  const list = useList(alerts, asked, me, params.id !== undefined || ticked.length > 0);
  const targets = ticked.length > 0 ? ticked : selected ? [selected] : none;
  const deniedOn = usePermissions('OPERATOR');
  // Of targets on several connections, one where the person may act is enough.
  const reasons = targets.map((one) => deniedOn(one.connectionId));
  const denied = reasons.includes(undefined) ? undefined : (reasons[0] ?? deniedOn(connections?.[0]?.id ?? ''));

  const go = useCallback(
    (alert: FeedAlert | undefined, replace = false) => void navigate({ ...places.inAlerts(alert), replace }),
    [navigate],
  );
  const isOpen = selectedKey !== null;
  const open = useCallback((alert: FeedAlert) => go(alert, isOpen), [go, isOpen]);
  const change = useCallback((next: AlertsChange) => set(next, true), [set]);
  const sortBy = useCallback((sort: Sort) => change({ sort }), [change]);
  const step = (by: number) => {
    const key = neighbour(list.rows.map(alertKey), selectedKey, by);
    const next = list.rows.find((one) => alertKey(one) === key);
    if (next) open(next);
  };
  const clear = () => setChecked({});
  const done = () => clear();
  const firing = (alert: FeedAlert) => alert.state === 'FIRING';
  const toSnooze = targets.filter((one) => firing(one) && deniedOn(one.connectionId) === undefined);
  const toAcknowledge = toSnooze.filter((one) => one.acknowledgement === null);
  const toGiveBack = toSnooze.filter((one) => one.acknowledgement !== null);
  const acknowledge = () => void actions.acknowledge(toAcknowledge).then(done);
  const giveBack = () => void actions.unacknowledge(toGiveBack).then(done);
  const snooze = () => setSnoozing(toSnooze);
  const wake = () => void actions.unsnooze(toSnooze.filter((one) => one.snooze !== null)).then(done);
  const stepBack = () => (ticked.length > 0 ? clear() : go(undefined));
  const toggle = () => {
    if (selectedKey === null) return;
    setChecked(({ [selectedKey]: was, ...others }) => (was ? others : { ...others, [selectedKey]: true }));
  };
  useKeys('screen', [
    { keys: 'j', title: t('next'), run: () => step(1) },
    { keys: 'k', title: t('previous'), run: () => step(-1) },
    { keys: 'ArrowDown', title: t('next'), run: () => step(1), hidden: true },
    { keys: 'ArrowUp', title: t('previous'), run: () => step(-1), hidden: true },
    { keys: 'Enter', title: t('openDetail'), run: () => selected ?? step(0) },
    { keys: 'x', title: t('toggle'), run: toggle },
    { keys: 'a', title: t('acknowledge'), run: acknowledge, disabledReason: denied },
    { keys: 'u', title: t('giveBack'), run: giveBack, disabledReason: denied },
    { keys: 's', title: t('snooze'), run: snooze, disabledReason: denied },
    { keys: 'f', title: t('focusFilter'), run: () => filter.current?.focus() },
    { keys: '.', title: t('showNew'), run: list.showWaiting },
    { keys: 'Escape', title: t('escape'), run: stepBack },
  ]);

  if (error && !alerts) return <ErrorState title={t('readFailed')} error={error} retry={() => void refetch()} />;
  if (!alerts) return <Loading />;

  const exportCsv = () => saveCsv(`alerts-${address.view}-${fileTime(Date.now())}.csv`, columnsIn(language), list.rows);
  const filtered = asked.q !== '' || asked.severity !== undefined;
  return (
    <div className="flex h-full min-w-0 max-md:flex-col">
      <ViewRail
        view={address.view}
        counts={counts}
        onChoose={(view) => {
          clear();
          set({ view });
        }}
      />
      <section className="relative flex min-h-0 min-w-80 flex-1 flex-col max-md:min-w-0">
        {ticked.length > 0 ? (
          <SelectionBar
            count={ticked.length}
            changes={{ acknowledge: toAcknowledge.length, snooze: toSnooze.length, giveBack: toGiveBack.length }}
            disabledReason={denied}
            onAcknowledge={acknowledge}
            onSnooze={snooze}
            onGiveBack={giveBack}
            onClear={clear}
          />
        ) : (
          <FilterBar address={address} set={change} filter={filter} onExport={exportCsv} />
        )}
        <div className="relative h-0">
          <NewBar waiting={list.waiting} onShow={list.showWaiting} />
        </div>
        {list.rows.length === 0 ? (
          <Empty
            className="flex-1"
            action={filtered && <Button onClick={() => change({ q: undefined, severity: undefined })}>{t('clearFilter')}</Button>}
          >
            {t(filtered ? 'emptyFiltered' : emptyWord[asked.view])}
          </Empty>
        ) : (
          <AlertTable
            rows={list.rows}
            history={asked.view === 'history'}
            sort={asked.sort}
            onSort={sortBy}
            selected={selectedKey}
            onSelect={open}
            checked={checked}
            onChecked={setChecked}
            belongs={list.belongs}
            pointer={list.pointer}
          />
        )}
      </section>
      {params.id !== undefined && (
        <aside className="flex w-[clamp(24rem,40%,46rem)] shrink-0 flex-col border-s bg-surface max-md:h-1/2 max-md:w-full max-md:border-s-0 max-md:border-t">
          {selected ? (
            <Beside
              alert={selected}
              alerts={alerts}
              onAcknowledge={() => void actions.acknowledge([selected])}
              onGiveBack={() => void actions.unacknowledge([selected])}
              onSnooze={() => setSnoozing([selected])}
              onWake={ticked.length > 0 ? () => void actions.unsnooze([selected]) : wake}
              onClose={() => go(undefined)}
            />
          ) : (
            <Empty className="h-full" action={<Button onClick={() => go(undefined)}>{t('close')}</Button>}>
              {t('unknownAlert')}
            </Empty>
          )}
        </aside>
      )}
      {snoozing.length > 0 && (
        <SnoozeDialog
          alerts={snoozing}
          onClose={() => {
            setSnoozing(none);
            done();
          }}
        />
      )}
    </div>
  );
}

interface BesideProps {
  alert: FeedAlert;
  alerts: readonly FeedAlert[];
  onAcknowledge: () => void;
  onGiveBack: () => void;
  onSnooze: () => void;
  onWake: () => void;
  onClose: () => void;
}

/** The alert of the address, with the history read from its backend; the list's own copy until that has come. */
function Beside({ alert, alerts, ...acts }: BesideProps) {
  const connection = useConnections().data?.find((one) => one.id === alert.connectionId);
  const denied = usePermission(connection, 'OPERATOR');
  const { data } = useAlert(alert.connectionId, alert.id);
  const read = data?.alert.id === alert.id ? data : undefined;
  const similar = useMemo(
    () =>
      alerts
        .filter((one) => one.ruleCode === alert.ruleCode && one.connectionId === alert.connectionId && one.id !== alert.id)
        .sort((a, b) => b.firedAt - a.firedAt)
        .slice(0, similarShown),
    [alerts, alert],
  );
  const detail = { events: read?.events ?? [], eventsAsOf: read?.eventsAsOf ?? null, alert };
  return <AlertDetail detail={detail} connection={connection} similar={similar} disabledReason={denied} {...acts} />;
}
