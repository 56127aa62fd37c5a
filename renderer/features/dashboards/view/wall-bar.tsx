import { useRangeLabels } from '#renderer/charts/range-picker/use-range-label.ts';
import type { ViewRange } from '#renderer/domain/queries/index.ts';
import { Clock } from '#renderer/ui/time.tsx';

/** What a wall shows above its panels: which dashboard, which range, and what time it is. Two rem high, as the panels reckon with. */
export function WallBar({ title, range }: { title: string; range: ViewRange }) {
  const labels = useRangeLabels();
  return (
    <header className="flex h-8 shrink-0 items-center gap-3 px-4 pt-2">
      <h2 className="min-w-0 truncate font-medium text-lg">
        <bdi>{title}</bdi>
      </h2>
      <span className="truncate text-muted">{labels.name(range)}</span>
      <span className="flex-1" />
      <Clock />
    </header>
  );
}
