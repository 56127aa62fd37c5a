import { words } from '#renderer/charts/plot/words.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Exact } from '#renderer/ui/time.tsx';
import { Tooltip } from '#renderer/ui/tooltip.tsx';

/** The age of a value whose source is silent: `1 h 31 min old`. @param end when the picture ends, ms */
export function Old({ since, end, className }: { since: number; end: number; className?: string }) {
  const t = useText(words);
  const { language } = usePreferences();
  return (
    <Tooltip content={<Exact at={since} />}>
      <span className={className}>
        <StatusSymbol status="stale" label={t('old', { age: formatDuration(end - since, language) })} className="text-sm" />
      </span>
    </Tooltip>
  );
}
