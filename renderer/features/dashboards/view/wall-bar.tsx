import { useRangeLabels } from '#renderer/charts/range-picker/use-range-label.ts';
import { useLink, type ViewRange } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Clock } from '#renderer/ui/time.tsx';
import { words } from './words.ts';

/**
 * The bar above a wall's panels: the dashboard, the range, the time, and a warning when the console is disconnected. The panels' layout
 * assumes a height of two rem.
 */
export function WallBar({ title, range }: { title: string; range: ViewRange }) {
  const t = useText(words);
  const labels = useRangeLabels();
  const link = useLink();
  return (
    <header className="flex h-8 shrink-0 items-center gap-3 px-4 pt-2">
      <h2 className="min-w-0 truncate font-medium text-lg">
        <bdi>{title}</bdi>
      </h2>
      <span className="truncate text-muted">{labels.name(range)}</span>
      <span className="flex-1" />
      {link.state === 'closed' && <StatusSymbol status="offline" label={t('lostConsole')} className="truncate" />}
      <Clock />
    </header>
  );
}
