import type { Interval } from '#common/time/intervals.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { formatDateTime } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { mergeIntervals } from './range.ts';
import { words } from './words.ts';

/** Maximum number of intervals listed by their times. */
const maxListed = 5;

interface DamageNoteProps {
  damaged: readonly Interval[];
  /** The chart beneath is cross-hatched where points are missing. */
  isCrossed?: boolean;
  /** Replaces the standard text. */
  label?: string;
  /** Shows the symbol alone, with the text in its tooltip. */
  bare?: boolean;
  className?: string;
}

/** Says that the backend's store lost points of a chart, and shows their times on hover or focus. Renders nothing if none were lost. */
export function DamageNote({ damaged, isCrossed = false, label: given, bare = false, className }: DamageNoteProps) {
  const t = useText(words);
  const timesOf = useDamagedTimes();
  if (damaged.length === 0) return null;
  const label = given ?? t(isCrossed ? 'damagedCrossed' : 'damaged');
  const about = (
    <>
      {bare && <p>{label}</p>}
      <ul>
        {timesOf(damaged).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className="text-faint">{t('damagedAbout')}</p>
    </>
  );
  return (
    <Tooltip content={about}>
      <button type="button" className={cn('flex w-fit max-w-full cursor-help text-start text-sm', className)}>
        <StatusSymbol status="damaged" label={label} bare={bare} className="whitespace-normal" />
      </button>
    </Tooltip>
  );
}

/** Returns a function that lists damaged intervals by their times; past a limit it counts them. */
export function useDamagedTimes(): (damaged: readonly Interval[]) => string[] {
  const t = useText(words);
  const preferences = usePreferences();
  return (damaged) => {
    const all = mergeIntervals(damaged);
    const times = all
      .slice(0, maxListed)
      .map(({ from, to }) => `${formatDateTime(from, preferences)} – ${formatDateTime(to, preferences)}`);
    return all.length > maxListed ? [...times, t('more', { count: all.length - maxListed })] : times;
  };
}
