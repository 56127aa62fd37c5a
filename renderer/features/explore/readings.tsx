import { useReadings } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Progress } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { useNow } from '#renderer/ui/time.tsx';
import { words } from './words.ts';

/** Progress is shown for reads that take longer than this, ms. */
const showAfterMs = 1_000;

/** The progress of slow reads, which can be cancelled. */
export function Readings({ connectionId }: { connectionId: string | undefined }) {
  const t = useText(words);
  const { language } = usePreferences();
  const now = useNow();
  const slow = useReadings(connectionId).filter(({ since }) => now - since >= showAfterMs);
  if (slow.length === 0) return null;
  const points = slow.reduce((sum, one) => sum + one.points, 0);
  const shares = slow.flatMap(({ done }) => done ?? []);
  const done = shares.length === slow.length ? shares.reduce((sum, one) => sum + one, 0) / slow.length : null;
  const age = formatDuration(now - Math.min(...slow.map(({ since }) => since)), language);
  const label = t('reading', { count: points });
  return (
    <div role="status" className="flex items-center gap-3 text-muted text-sm">
      <span>
        {label} · {done === null ? age : t('readingFor', { percent: Math.floor(done * 100), age })}
      </span>
      <Progress value={done} label={label} className="w-48" />
      <Button
        size="sm"
        onClick={() => {
          for (const one of slow) one.cancel();
        }}
      >
        {t('cancel')}
      </Button>
    </div>
  );
}
