import { isolate } from '#renderer/charts/plot/isolate.ts';
import { isDashed, seriesVariable } from '#renderer/charts/plot/theme.ts';
import type { ChartSeries } from '#renderer/charts/plot/types.ts';
import { words } from '#renderer/charts/plot/words.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Name } from './name.tsx';
import { sharedLength } from './shared-length.ts';

/** With more lines than this a row of names is too long to help; the readout shows them instead. */
const maxLines = 12;

interface LegendRowProps {
  lines: readonly ChartSeries[];
  only: readonly string[] | undefined;
  onOnly: (only: string[] | undefined) => void;
}

/** A row of line names under the plot. A click isolates a line, Shift adds one. Renders nothing for a single line. */
export function LegendRow({ lines, only, onOnly }: LegendRowProps) {
  const t = useText(words);
  if (lines.length < 2 || lines.length > maxLines) return null;
  const names = lines.map(({ name }) => name);
  const shared = sharedLength(names);
  return (
    <ul aria-label={t('series')} className="flex h-6 shrink-0 items-center gap-x-3 overflow-hidden ps-3 text-sm">
      {lines.map(({ id, name, place }) => (
        <li key={id} className="min-w-8 max-w-48">
          <button
            type="button"
            aria-pressed={only === undefined || only.includes(name)}
            title={name}
            aria-label={name}
            onClick={(event) => onOnly(isolate(only, name, names, event.shiftKey))}
            className={cn(
              'flex h-6 w-full items-center gap-1.5 hover:text-foreground',
              only?.includes(name) === false ? 'text-faint' : 'text-muted',
            )}
          >
            <span
              aria-hidden="true"
              className={cn('w-3 shrink-0 border-t-2', isDashed(place) && 'border-dashed', only?.includes(name) === false && 'opacity-30')}
              style={{ borderColor: seriesVariable(place) }}
            />
            <Name name={name} shared={shared} />
          </button>
        </li>
      ))}
    </ul>
  );
}
