import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { maxRuleFirings, type RuleFiring } from '#common/contract/console/alerts.ts';
import type { Cached } from '#common/contract/console/cached.ts';
import { dayMs, minuteMs } from '#common/time/durations.ts';
import { zoneOf } from '#common/time/zone.ts';
import { seriesName } from '#renderer/domain/alerts.ts';
import { places } from '#renderer/domain/places.ts';
import { useAlerts } from '#renderer/domain/queries/index.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { formatDay, formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Skeleton } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { Age, useNowInSteps } from '#renderer/ui/time.tsx';
import { firingDays, shownDays } from './firing-days.ts';
import { words } from './words.ts';

const listed = 10;
const none: readonly RuleFiring[] = [];

interface FiringsProps {
  connectionId: string;
  firings: UseQueryResult<Cached<RuleFiring[]>>;
}

/** When a rule fired in the last weeks: a bar for each day, and the newest firings with links to their alerts. */
export function Firings({ connectionId, firings: { data, error, refetch } }: FiringsProps) {
  const t = useText(words);
  const now = useNowInSteps(minuteMs);
  const all = data?.value ?? none;
  const recent = useMemo(() => all.filter(({ firedAt }) => firedAt > now - shownDays * dayMs), [all, now]);
  if (error && !data) return <ErrorState title={t('firingsFailed')} error={error} retry={() => void refetch()} className="p-0" />;
  if (!data) return <Skeleton className="h-16" />;
  if (recent.length === 0) return <p className="text-muted">{t('noFirings')}</p>;
  return (
    <>
      <Days firings={recent} now={now} />
      {recent.length >= maxRuleFirings && <p className="text-faint text-sm">{t('onlyNewest', { count: maxRuleFirings })}</p>}
      <ul className="flex flex-col">
        {recent.slice(0, listed).map((firing) => (
          <li key={firing.id}>
            <FiringLine firing={firing} connectionId={connectionId} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** A bar for each day, as high as it fired often. */
function Days({ firings, now }: { firings: readonly RuleFiring[]; now: number }) {
  const t = useText(words);
  const preferences = usePreferences();
  const timeZone = zoneOf(preferences.clock);
  const days = useMemo(() => firingDays(firings, now, timeZone), [firings, now, timeZone]);
  const most = Math.max(...days.map(({ count }) => count));
  return (
    <ol className="flex h-12 items-end gap-px">
      {days.map(({ from, count }) => {
        const label = t('firedOn', { day: formatDay(from, preferences), count });
        return (
          <li key={from} title={label} className="flex h-full flex-1 items-end bg-hover/50">
            <span className="sr-only">{label}</span>
            <span
              aria-hidden="true"
              className="block w-full bg-muted"
              style={{ height: count === 0 ? 0 : `${Math.max(8, (100 * count) / most)}%` }}
            />
          </li>
        );
      })}
    </ol>
  );
}

/** One firing; a link while the console still lists its alert. */
function FiringLine({ firing, connectionId }: { firing: RuleFiring; connectionId: string }) {
  const t = useText(words);
  const { language } = usePreferences();
  const isListed = useAlerts().data?.some(({ id }) => id === firing.id) ?? false;
  const { severity, labels, firedAt, resolvedAt } = firing;
  const line = (
    <>
      <SeveritySymbol severity={severity} bare hollow={resolvedAt !== null} />
      <bdi className="min-w-0 flex-1 truncate">{seriesName(labels) || t('wholeRule')}</bdi>
      <span className="text-faint text-sm">
        {resolvedAt === null ? t('stillFiring') : t('lasted', { duration: formatDuration(resolvedAt - firedAt, language) })}
      </span>
      <Age at={firedAt} className="w-20 text-end text-muted text-sm" />
    </>
  );
  const look = 'flex h-7 items-center gap-3 rounded-md px-2';
  if (!isListed) return <div className={look}>{line}</div>;
  return (
    <Link {...places.alert(connectionId, firing.id)} className={`${look} hover:bg-hover`}>
      {line}
    </Link>
  );
}
