import { useRef } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { Interval } from '#common/time/intervals.ts';
import { isGap } from '#renderer/charts/plot/points.ts';
import { seriesVariable } from '#renderer/charts/plot/theme.ts';
import type { ChartSeries } from '#renderer/charts/plot/types.ts';
import { words } from '#renderer/charts/plot/words.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { formatChange, formatParts } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { type CurrentValue, figuresOf, fitFigures } from './fit.ts';
import { Fitted } from './fitted.tsx';
import { Name } from './name.tsx';
import { Old } from './old.tsx';
import { severityNamed, sortByUrgency } from './severity-lines.ts';
import { sharedLength } from './shared-length.ts';
import { statsOf } from './stats.ts';
import { type Box, useBox } from './use-box.ts';

interface TrendProps {
  line: ChartSeries;
  interval: Interval;
  bucketMs: number;
}

const width = 200;
const height = 40;

/** Draws the line as an SVG path over 200 × 40, broken where there are no points. */
function trendPath({ line: { t, v }, interval, bucketMs }: TrendProps): string {
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
    const x = (((t[i] ?? 0) - interval.from) / (interval.to - interval.from)) * width;
    const y = height - 2 - ((value - low) / span) * (height - 4);
    path += `${broken || (i > 0 && isGap(t, i, bucketMs)) ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    broken = false;
  }
  return path;
}

interface StatProps {
  definition: ChartDrawing;
  lines: readonly ChartSeries[];
  interval: Interval;
  bucketMs: number;
  /** When the picture ends: now, or the end of a range in the past, ms. */
  end: number;
}

/** Minimum size of a figure among others, and the space between them, rem. */
const cell = { width: 9, height: 4, across: 1, down: 0.5 };
const moreRem = 1.5;

/** Returns how many figures a box holds. */
function capacityOf({ width, height, rem }: Box, count: number): number {
  if (width === 0) return count;
  const columns = Math.max(1, Math.floor((width / rem + cell.across) / (cell.width + cell.across)));
  const rows = (room: number) => Math.max(1, Math.floor((room / rem + cell.down) / (cell.height + cell.down)));
  const all = columns * rows(height);
  return count <= all ? all : columns * rows(height - moreRem * rem);
}

/**
 * The newest value of each line, large, with its change over the range and its trend. If not all fit, the most urgent are shown and the
 * rest is counted.
 */
export function StatChart({ definition, lines, interval, bucketMs, end }: StatProps) {
  const t = useText(words);
  const holder = useRef<HTMLDivElement>(null);
  const box = useBox(holder);
  const alone = lines.length === 1;
  const shared = sharedLength(lines.map(({ name }) => name));
  const { shown, hidden } = fitFigures(figuresOf(sortByUrgency(lines), definition, interval, bucketMs, end), capacityOf(box, lines.length));
  return (
    <div ref={holder} className="flex size-full flex-col">
      <ul
        className={cn(
          'grid min-h-0 flex-1 gap-x-4 gap-y-2 overflow-hidden',
          !alone && 'auto-rows-fr grid-cols-[repeat(auto-fit,minmax(9rem,1fr))]',
        )}
      >
        {shown.map((figure) => (
          <Stat key={figure.line.id} {...{ figure, definition, interval, bucketMs, end, alone, shared }} />
        ))}
      </ul>
      {hidden > 0 && <p className="h-6 shrink-0 text-faint text-sm">{t('more', { count: hidden })}</p>}
    </div>
  );
}

interface FigureProps extends Omit<StatProps, 'lines'> {
  figure: CurrentValue;
  alone: boolean;
  shared: number;
}

function Stat({ figure, definition, interval, bucketMs, end, alone, shared }: FigureProps) {
  const t = useText(words);
  const { line, last, severity, staleSince } = figure;
  const { figures, unit } = formatParts(last, definition.unit, definition.decimals);
  const difference = statsOf(line, interval).change;
  const change = staleSince !== null || last === null || difference === null ? null : formatChange(last, last - difference);
  const old = staleSince !== null;
  const named = severityNamed(line.name);
  // A value of zero needs no colour: there is none of what it counts.
  const tone = severity ?? (last && !old ? named : undefined);
  return (
    <li className={cn('flex min-h-16 flex-col overflow-hidden', old && 'hatched-edge ps-3')}>
      {!alone && (
        <span className="truncate text-muted text-sm">
          {named ? <SeveritySymbol severity={named} hollow={!last} /> : <Name name={line.name} shared={shared} />}
        </span>
      )}
      <Fitted
        className={alone ? 'justify-center' : 'rtl:justify-end'}
        extra={
          change !== null && (
            <Tooltip content={t('overRange')}>
              <span className="text-[0.92em] text-faint">{change}</span>
            </Tooltip>
          )
        }
      >
        <span className={cn(old && 'text-faint')} style={tone ? { color: `var(--${tone.toLowerCase()})` } : undefined}>
          <span className={cn('font-semibold', alone ? 'text-[2.75em]' : 'text-[2em]', 'leading-tight')}>{figures}</span>{' '}
          <span className={cn(!tone && 'text-faint')}>{unit}</span>
        </span>
      </Fitted>
      {old && <Old since={staleSince} end={end} className={cn('flex', alone && 'justify-center')} />}
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className={cn('min-h-3 w-full flex-1', old ? 'opacity-30' : 'opacity-60')}
      >
        <path
          d={trendPath({ line, interval, bucketMs })}
          fill="none"
          stroke={old ? 'var(--faint)' : seriesVariable(line.place)}
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </li>
  );
}
