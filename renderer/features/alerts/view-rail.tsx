import { maxResolvedListed } from '#common/contract/console/alerts.ts';
import { listedCount } from '#renderer/domain/alerts.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { type View, views } from './views.ts';
import { words } from './words.ts';

interface ViewRailProps {
  view: View;
  counts: Record<View, number>;
  /** An alert's page is open: a window without room for views, list and page hides the views. */
  isBesidePage: boolean;
  onChoose: (view: View) => void;
}

/** The views of the alert list, with the number of alerts in each. */
export function ViewRail({ view, counts, isBesidePage, onChoose }: ViewRailProps) {
  const t = useText(words);
  return (
    <nav
      aria-label={t('views')}
      className={cn(
        'flex w-44 shrink-0 flex-col gap-0.5 border-e bg-surface p-2 max-md:w-full max-md:flex-row max-md:flex-wrap max-md:border-e-0 max-md:border-b max-md:p-1',
        isBesidePage && 'md:max-lg:hidden',
      )}
    >
      {views.map((one) => (
        <button
          key={one}
          type="button"
          aria-current={one === view}
          onClick={() => onChoose(one)}
          className={cn(
            'flex h-control items-center justify-between gap-2 rounded-md px-2 text-start text-muted hover:bg-hover hover:text-foreground',
            one === view && 'bg-selected text-foreground',
            one === 'history' && 'md:mt-2',
          )}
        >
          <span>{t(one)}</span>
          <span className={cn('text-sm', counts[one] === 0 ? 'text-faint' : one === 'unowned' && 'font-semibold text-foreground')}>
            {listedCount(counts[one], one === 'history' ? maxResolvedListed : Number.POSITIVE_INFINITY)}
          </span>
        </button>
      ))}
    </nav>
  );
}
