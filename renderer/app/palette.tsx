import { useNavigate } from '@tanstack/react-router';
import { Activity, ArrowRight, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { useConnection } from '#renderer/domain/address.ts';
import { alertSeries, byUrgency } from '#renderer/domain/alerts.ts';
import { places } from '#renderer/domain/places.ts';
import {
  useAlerts,
  useCharts,
  useConnections,
  useConsole,
  useLoaders,
  useNotices,
  useRules,
  useSaveSettings,
  useSettings,
} from '#renderer/domain/queries/index.ts';
import { ruleState, ruleStatus } from '#renderer/domain/rules/rule-states.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from '#renderer/ui/command.tsx';
import { useCopyLink } from '#renderer/ui/copy-link.ts';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Kbd } from '#renderer/ui/parts.tsx';
import { messages } from './messages.ts';
import { screens } from './screens.ts';

const themes = ['dark', 'light', 'contrast'] as const;

interface Act {
  id: string;
  icon: ReactNode;
  label: string;
  /** Secondary text at the end of the row: a state or a key. */
  note?: ReactNode;
  run: () => void;
}

function Group({ heading, acts, onRun }: { heading: string; acts: Act[]; onRun: (act: Act) => void }) {
  if (acts.length === 0) return null;
  return (
    <CommandGroup heading={heading}>
      {acts.map((act) => (
        <CommandItem key={act.id} value={`${act.label} ${act.id}`} onSelect={() => onRun(act)}>
          {act.icon}
          <span className="min-w-0 flex-1 truncate">{act.label}</span>
          {act.note}
        </CommandItem>
      ))}
    </CommandGroup>
  );
}

/** Returns the actions of the palette that are not navigation. */
function useActions(onHelp: () => void, onInbox: () => void): Act[] {
  const t = useText(messages);
  const settings = useSettings();
  const save = useSaveSettings();
  const copyLink = useCopyLink();
  const { connections, notices } = useConsole();
  const lost = useConnections().data?.filter((one) => one.state !== 'live') ?? [];
  const unread =
    useNotices()
      .data?.filter((notice) => !notice.read)
      .map((notice) => notice.id) ?? [];
  const clock = settings.clock === 'utc' ? 'local' : 'utc';
  const density = settings.density === 'compact' ? 'comfortable' : 'compact';
  const icon = <Zap size="0.875rem" className="text-faint" />;
  return [
    ...lost.map((one) => ({
      id: `retry-${one.id}`,
      icon,
      label: t('actRetry', { name: one.name }),
      run: () => void connections.retry({ id: one.id }),
    })),
    ...themes
      .filter((theme) => theme !== settings.theme)
      .map((theme) => ({ id: `theme-${theme}`, icon, label: t('actTheme', { theme: t(theme) }), run: () => save({ theme }) })),
    { id: 'clock', icon, label: t('actClock', { clock: t(clock) }), run: () => save({ clock }) },
    { id: 'density', icon, label: t('actDensity', { density: t(density) }), run: () => save({ density }) },
    {
      id: 'language',
      icon,
      label: settings.language === 'en' ? 'العربية' : 'English',
      run: () => save({ language: settings.language === 'en' ? 'ar' : 'en' }),
    },
    {
      id: 'copy-link',
      icon,
      label: t('actCopyLink'),
      run: copyLink,
    },
    { id: 'inbox', icon, label: t('goTo', { screen: t('inbox') }), note: <Kbd keys="g i" />, run: onInbox },
    ...(unread.length > 0 ? [{ id: 'read', icon, label: t('actMarkRead'), run: () => void notices.markRead({ ids: unread }) }] : []),
    { id: 'help', icon, label: t('help'), note: <Kbd keys="?" />, run: onHelp },
  ];
}

/** Returns the places the palette can go to: screens, firing alerts, rules, charts and loaders. */
function usePlaces(): { screens: Act[]; alerts: Act[]; rules: Act[]; charts: Act[]; loaders: Act[] } {
  const t = useText(messages);
  const navigate = useNavigate();
  const { connection } = useConnection();
  const alerts = useAlerts().data ?? [];
  const charts = useCharts(connection?.id).data?.charts ?? [];
  const rules = useRules(connection?.id).data?.rules ?? [];
  const loaders = useLoaders(connection?.id).data?.value ?? [];
  return {
    screens: screens.map(({ path, letter, name, icon: Icon }) => ({
      id: path,
      icon: <Icon size="0.875rem" className="text-faint" />,
      label: t(name),
      note: <Kbd keys={`g ${letter}`} />,
      run: () => void navigate(places.screen(path)),
    })),
    alerts: alerts
      .filter((alert) => alert.state === 'FIRING')
      .sort(byUrgency)
      .slice(0, 50)
      .map((alert) => ({
        id: alert.id,
        icon: <SeveritySymbol severity={alert.severity} bare hollow={alert.acknowledgement !== null} />,
        label: `${alert.ruleName} · ${alertSeries(alert)}`,
        run: () => void navigate(places.alert(alert.connectionId, alert.id)),
      })),
    rules: rules.map((rule) => ({
      id: `rule-${rule.code}`,
      icon: <StatusSymbol status={rule.enabled ? ruleStatus[ruleState(rule).state] : 'paused'} bare />,
      label: rule.name,
      run: () => void navigate(places.rules({ rule: rule.code })),
    })),
    charts: charts.map((chart) => ({
      id: chart.code,
      icon: <Activity size="0.875rem" className="text-faint" />,
      label: chart.title,
      run: () => void navigate(places.explore({ chart: chart.code })),
    })),
    loaders: loaders.map((loader) => ({
      id: loader.code,
      icon: <StatusSymbol status={loader.state} bare />,
      label: loader.name,
      note: <ArrowRight size="0.875rem" className="text-faint rtl:rotate-180" />,
      run: () => void navigate(places.loaders({ loader: loader.code })),
    })),
  };
}

interface PaletteProps {
  open: boolean;
  onClose: () => void;
  onHelp: () => void;
  onInbox: () => void;
}

function Contents({ onClose, onHelp, onInbox }: Omit<PaletteProps, 'open'>) {
  const t = useText(messages);
  const places = usePlaces();
  const actions = useActions(onHelp, onInbox);
  const run = (act: Act) => {
    onClose();
    act.run();
  };
  return (
    <Command label={t('search')} loop>
      <CommandInput placeholder={t('palettePlaceholder')} autoFocus />
      <CommandList>
        <CommandEmpty>{t('noResults')}</CommandEmpty>
        <Group heading={t('alerts')} acts={places.alerts} onRun={run} />
        <Group heading={t('screens')} acts={places.screens} onRun={run} />
        <Group heading={t('rules')} acts={places.rules} onRun={run} />
        <Group heading={t('charts')} acts={places.charts} onRun={run} />
        <Group heading={t('loaders')} acts={places.loaders} onRun={run} />
        <Group heading={t('actions')} acts={actions} onRun={run} />
      </CommandList>
    </Command>
  );
}

/** Finds screens, alerts, rules, charts, loaders and actions by name. */
export function Palette({ open, onClose, onHelp, onInbox }: PaletteProps) {
  const t = useText(messages);
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={t('search')} bare className="w-[min(40rem,calc(100vw-2rem))]">
      <Contents onClose={onClose} onHelp={onHelp} onInbox={onInbox} />
    </Dialog>
  );
}
