import { useLayoutEffect, useRef, useState } from 'react';
import { type EChartsType, init } from '#renderer/charts/plot/echarts.ts';
import { usePixelRatio } from '#renderer/charts/plot/surface.ts';
import { seriesVariable, useChartTheme } from '#renderer/charts/plot/theme.ts';
import { words } from '#renderer/charts/plot/words.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { type CurrentValue, fitFigures } from './fit.ts';
import { Name } from './name.tsx';
import { Old } from './old.tsx';
import { dialCapacity, dialGrid, type RoundChartProps, roundOption, shareOf, written } from './round-option.ts';
import { sharedLength } from './shared-length.ts';
import { type Box, useBox } from './use-box.ts';

/** Pie and gauge: ECharts draws the rings, the page all text around them. */
export default function RoundCanvas(props: RoundChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const box = useBox(holder);
  return (
    <div ref={holder} className="size-full overflow-hidden">
      {box.width > 0 && box.height > 0 && (props.definition.type === 'pie' ? <Pie {...props} box={box} /> : <Dials {...props} box={box} />)}
    </div>
  );
}

type Drawn = RoundChartProps & { box: Box };

/** Gauges in a grid, each with its name and, if its source is silent, its age; those that don't fit are counted. */
function Dials({ definition, figures, label, end, box }: Drawn) {
  const t = useText(words);
  const { shown, hidden } = fitFigures(figures, dialCapacity(box, box.rem, figures.length));
  const size = { width: box.width, height: box.height - (hidden > 0 ? 1.25 * box.rem : 0) };
  // One line for the name, and one for the age if any value is stale.
  const captionPx = (shown.some(({ staleSince }) => staleSince !== null) ? 2.5 : 1.25) * box.rem;
  const { columns, rows } = dialGrid(shown.length, size, captionPx);
  const shared = sharedLength(figures.map(({ line }) => line.name));
  return (
    <>
      <div className="relative" style={size}>
        <Rings definition={definition} figures={shown} label={label} size={size} captionPx={captionPx} />
        <ul
          dir="ltr"
          className="pointer-events-none absolute inset-0 grid"
          style={{ gridTemplateColumns: `repeat(${columns}, 1fr)`, gridTemplateRows: `repeat(${rows}, 1fr)` }}
        >
          {shown.map(({ line, staleSince }) => (
            <li
              key={line.id}
              className={cn('relative flex min-w-0 flex-col items-center justify-end', staleSince !== null && 'hatched-edge')}
            >
              <span className="pointer-events-auto flex max-w-full px-2 text-muted text-sm">
                <Name name={line.name} shared={shared} />
              </span>
              {staleSince !== null && <Old since={staleSince} end={end} className="pointer-events-auto" />}
            </li>
          ))}
        </ul>
      </div>
      {hidden > 0 && <p className="h-5 text-faint text-sm">{t('more', { count: hidden })}</p>}
    </>
  );
}

/** Height of a row of the legend, rem. */
const rowRem = 1.375;

/** A ring, with a legend next to it or beneath it. */
function Pie({ definition, figures, label, end, box }: Drawn) {
  const t = useText(words);
  const beside = box.width > box.height * 1.3;
  const ring = beside ? Math.min(box.height, box.width * 0.45) : Math.min(box.width, box.height * 0.6);
  const size = { width: ring, height: ring };
  const room = beside ? box.height : box.height - ring;
  const rows = Math.max(1, Math.floor(room / (rowRem * box.rem)));
  const fit = fitFigures(figures, figures.length <= rows ? rows : rows - 1);
  const shared = sharedLength(figures.map(({ line }) => line.name));
  return (
    <div className={cn('flex size-full items-center justify-center gap-2', beside ? 'flex-row' : 'flex-col')}>
      <div className="relative shrink-0" style={size}>
        <Rings definition={definition} figures={figures} label={label} size={size} captionPx={0} />
      </div>
      <ul className="flex min-h-0 min-w-0 max-w-full flex-col overflow-hidden text-sm">
        {fit.shown.map((figure) => (
          <Slice key={figure.line.id} {...{ figure, figures, definition, end, shared }} />
        ))}
        {fit.hidden > 0 && <li className="text-faint">{t('more', { count: fit.hidden })}</li>}
      </ul>
    </div>
  );
}

interface SliceProps extends Pick<RoundChartProps, 'definition' | 'figures' | 'end'> {
  figure: CurrentValue;
  shared: number;
}

function Slice({ figure, figures, definition, end, shared }: SliceProps) {
  const { line, last, staleSince } = figure;
  return (
    <li
      className={cn('flex min-w-0 items-center gap-2', staleSince === null ? 'text-muted' : 'text-faint')}
      style={{ height: `${rowRem}rem` }}
    >
      <span
        className={cn('h-2 w-3 shrink-0 rounded-sm', staleSince !== null && 'hatched-fill')}
        style={{ background: staleSince === null ? seriesVariable(line.place) : undefined }}
      />
      <Name name={line.name} shared={shared} />
      <span dir="ltr" className="ms-auto shrink-0 ps-2">
        {[written(last, definition), shareOf(figure, figures)].filter((text) => text !== '').join(' · ')}
      </span>
      {staleSince !== null && <Old since={staleSince} end={end} className="shrink-0" />}
    </li>
  );
}

interface RingsProps extends Pick<RoundChartProps, 'definition' | 'figures' | 'label'> {
  size: { width: number; height: number };
  captionPx: number;
}

function Rings({ definition, figures, label, size: { width, height }, captionPx }: RingsProps) {
  const theme = useChartTheme();
  const ratio = usePixelRatio();
  const holder = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  useLayoutEffect(() => {
    if (!holder.current) return;
    const instance = init(holder.current, null, { renderer: 'canvas', devicePixelRatio: ratio });
    setChart(instance);
    return () => {
      instance.dispose();
      setChart(null);
    };
  }, [ratio]);
  useLayoutEffect(() => {
    if (!chart || chart.isDisposed()) return;
    chart.resize({ width, height, silent: true });
    chart.setOption(roundOption({ definition, figures, theme, size: { width, height }, captionPx }), { notMerge: true });
  }, [chart, definition, figures, theme, width, height, captionPx]);
  return <div ref={holder} role="img" aria-label={label} dir="ltr" className="size-full" />;
}
