import { useSyncExternalStore } from 'react';
import { cn } from './cn.ts';
import { formatDateTime, formatDuration, formatTime, formatZone } from './format.ts';
import { useText } from './i18n.ts';
import { usePreferences } from './preferences.tsx';
import { Tooltip } from './tooltip.tsx';
import { words } from './words.ts';

// One timer for every age on screen. It fires on the second, so that all ages and marks of new items change together.
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setTimeout> | undefined;

function beat() {
  now = Date.now();
  document.documentElement.dataset['beat'] = Math.floor(now / 1_000) % 2 === 0 ? 'even' : 'odd';
  for (const listener of listeners) listener();
  timer = setTimeout(beat, 1_000 - (now % 1_000));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) beat();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
  };
}

/** Returns the time, ms, updated once a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** Returns the time, ms, in whole steps: for content that needn't render every second. */
export function useNowInSteps(stepMs: number): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / stepMs) * stepMs);
}

/** Returns whether less than `withinMs` have passed since `at` (epoch ms); renders again when that changes. */
export function useIsRecent(at: number, withinMs: number): boolean {
  return useSyncExternalStore(subscribe, () => now - at < withinMs);
}

interface ExactProps {
  at: number;
}
/** Local time and UTC, to the second; once where both are the same. */
export function Exact({ at }: ExactProps) {
  const { language } = usePreferences();
  const zone = formatZone(at, 'local');
  return (
    <span className="grid grid-cols-[auto_auto] gap-x-3 whitespace-nowrap">
      {zone !== 'UTC' && (
        <>
          <span>{formatDateTime(at, { language, clock: 'local' })}</span>
          <span className="text-faint">{zone}</span>
        </>
      )}
      <span>{formatDateTime(at, { language, clock: 'utc' })}</span>
      <span className="text-faint">UTC</span>
    </span>
  );
}

interface AgeProps {
  /** ms; null means never. */
  at: number | null;
  /** Shows the bare duration (`3 min 12 s`) instead of `3 min 12 s ago`. */
  bare?: boolean;
  className?: string;
}

/** The age of a time, updated every second, with the exact time on hover. Future times read `in 5 min`. */
export function Age({ at, bare = false, className }: AgeProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const current = useNow();
  if (at === null) return <span className={className}>{t('never')}</span>;
  const ahead = at - current > 1_000;
  const age = formatDuration(Math.abs(current - at), language);
  return (
    <Tooltip content={<Exact at={at} />}>
      <time dateTime={new Date(at).toISOString()} className={cn('whitespace-nowrap', className)}>
        {bare ? age : t(ahead ? 'in' : 'ago', { age })}
      </time>
    </Tooltip>
  );
}

interface WhenProps {
  at: number;
  /** `time` for events of today, `full` with the date. */
  style?: 'time' | 'full';
  className?: string;
}

/** A point in time on the clock that the person chose; both clocks on hover. */
export function When({ at, style = 'time', className }: WhenProps) {
  const preferences = usePreferences();
  return (
    <Tooltip content={<Exact at={at} />}>
      <time dateTime={new Date(at).toISOString()} className={cn('whitespace-nowrap', className)}>
        {style === 'time' ? formatTime(at, preferences, true) : formatDateTime(at, preferences)}
      </time>
    </Tooltip>
  );
}

/** The current time, on the clock that the person chose. */
export function Clock() {
  const { language, clock } = usePreferences();
  const now = useNow();
  return (
    <Tooltip content={<Exact at={now} />}>
      <time dir="ltr" className="whitespace-nowrap" dateTime={new Date(now).toISOString()}>
        <span className="font-medium text-lg">{formatTime(now, { language, clock })}</span>
        <span className="ms-1.5 text-faint text-sm max-md:hidden">{formatZone(now, clock)}</span>
      </time>
    </Tooltip>
  );
}
