import type { ChartDrawing } from '#common/contract/charts.ts';
import { cn } from '#renderer/ui/cn.ts';
import { formatChange, formatParts } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { isGap } from '../points.ts';
import type { Stretch } from '../range.ts';
import { statsOf } from '../stats.ts';
import { seriesVariable } from '../theme.ts';
import type { ChartSeries } from '../types.ts';
import { words } from '../words.ts';
import { severityOf } from './thresholds.ts';

interface TrendProps {
  line: ChartSeries;
  stretch: Stretch;
  bucketMs: number;
}

const width = 200;
const height = 40;

/** The line as an SVG path over 200 × 40, broken where nothing was measured. */
function trendPath({ line: { t, v }, stretch, bucketMs }: TrendProps): string {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < v.length; i++) {
    const value = v[i] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const span = high - low || 1;
  let path = '';
  let broken = true;
  for (let i = 0; i < t.length; i++) {
    const value = v[i] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      broken = true;
      continue;
    }
    const x = (((t[i] ?? 0) - stretch.from) / (stretch.to - stretch.from)) * width;
    const y = height - 2 - ((value - low) / span) * (height - 4);
    path += `${broken || (i > 0 && isGap(t, i, bucketMs)) ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    broken = false;
  }
  return path;
}

interface StatProps {
  definition: ChartDrawing;
  lines: readonly ChartSeries[];
  stretch: Stretch;
  bucketMs: number;
}

/** The newest value of each line, large, with how it changed over the range and its trend beneath. */
export function StatChart({ definition, lines, stretch, bucketMs }: StatProps) {
  const t = useText(words);
  const alone = lines.length === 1;
  return (
    <ul
      className={cn('grid size-full gap-x-4 gap-y-2 overflow-auto', !alone && 'auto-rows-fr grid-cols-[repeat(auto-fit,minmax(9rem,1fr))]')}
    >
      {lines.map((line) => {
        const stats = statsOf(line, stretch);
        const { figures, unit } = formatParts(stats.last, definition.unit, definition.decimals);
        const severity = severityOf(stats.last, definition.thresholds);
        const change = formatChange(stats.last, stats.last === null || stats.change === null ? null : stats.last - stats.change);
        return (
          <li key={line.id} className="flex min-h-16 flex-col overflow-hidden">
            {!alone && (
              <span className="truncate text-muted text-sm">
                <bdi>{line.name}</bdi>
              </span>
            )}
            <p dir="ltr" className={cn('flex items-baseline gap-2 whitespace-nowrap', alone ? 'justify-center' : 'rtl:justify-end')}>
              <span style={severity ? { color: `var(--${severity.toLowerCase()})` } : undefined}>
                <span className={cn('font-semibold', alone ? 'text-3xl' : 'text-2xl')}>{figures}</span>{' '}
                <span className={cn(!severity && 'text-faint')}>{unit}</span>
              </span>
              {change !== null && (
                <Tooltip content={t('overRange')}>
                  <span className="text-faint text-sm">{change}</span>
                </Tooltip>
              )}
            </p>
            <svg
              viewBox={`0 0 ${width} ${height}`}
              preserveAspectRatio="none"
              aria-hidden="true"
              className="min-h-3 w-full flex-1 opacity-60"
            >
              <path
                d={trendPath({ line, stretch, bucketMs })}
                fill="none"
                stroke={seriesVariable(line.place)}
                strokeWidth="1.5"
                vectorEffect="non-scaling-stroke"
              />
            </svg>
          </li>
        );
      })}
    </ul>
  );
}
