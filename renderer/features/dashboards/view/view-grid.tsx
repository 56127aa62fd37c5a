import { ChartSpline, Compass, Maximize2 } from 'lucide-react';
import { memo, type ReactNode, useCallback, useRef } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { DashboardBody, Panel } from '#common/contract/dashboards.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { PanelFrame } from './frame.tsx';
import { Nearby, useDistance } from './nearby.tsx';
import { isHeading, shownTitle } from './values.ts';
import { words } from './words.ts';

interface PanelActs {
  onSelect: (id: string) => void;
  onFull: (id: string) => void;
  onExplore: (panel: Panel) => void;
  onEdit: ((panel: Panel) => void) | undefined;
}

interface ViewGridProps extends PanelActs {
  body: DashboardBody;
  charts: readonly Chart[];
  values: VariableValues;
  selected: string | null;
  /** Fits the dashboard to the window, if it nearly does, so that it needs no scrolling. */
  fill: boolean;
  /** Renders the content of a panel. Must stay the same function as long as it renders the same. */
  children: (panel: Panel) => ReactNode;
}

/** The panels of a dashboard at their places. */
export function ViewGrid({ body, charts, values, selected, fill, children, ...acts }: ViewGridProps) {
  const t = useText(words);
  const rows = Math.max(1, ...body.panels.map(({ place }) => place.y + place.h));
  // 2 rem of padding around and 2 for the bar above, 0.5 rem between the rows; rows shrink by a third at most.
  const fitting = { gridAutoRows: `max(1.33rem, (100dvh - 4rem - ${(rows - 1) / 2}rem) / ${rows})` };
  const last = useRef(acts);
  last.current = acts;
  const act = useCallback((what: keyof PanelActs, panel: Panel) => {
    if (what === 'onSelect' || what === 'onFull') last.current[what](panel.id);
    else last.current[what]?.(panel);
  }, []);
  return (
    <div data-board className="grid auto-rows-[2rem] grid-cols-[repeat(24,minmax(0,1fr))] gap-2" style={fill ? fitting : undefined}>
      {body.panels.map((panel) => (
        <PanelCell
          key={panel.id}
          panel={panel}
          title={shownTitle(panel, charts, values, t('everyValue'))}
          selected={panel.id === selected}
          editable={acts.onEdit !== undefined}
          onAct={act}
          content={children}
        />
      ))}
    </div>
  );
}

interface PanelCellProps {
  panel: Panel;
  title: string;
  selected: boolean;
  editable: boolean;
  onAct: (what: keyof PanelActs, panel: Panel) => void;
  content: (panel: Panel) => ReactNode;
}

/** One panel at its place. Far from the screen it is a title alone, so that a dashboard of hundreds opens and scrolls like one of ten. */
const PanelCell = memo(function PanelCell({ panel, title, selected, editable, onAct, content }: PanelCellProps) {
  const holder = useRef<HTMLDivElement>(null);
  const distance = useDistance(holder);
  const { x, y, w, h } = panel.place;
  return (
    <div ref={holder} style={{ gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}` }}>
      <PanelFrame
        title={title}
        heading={isHeading(panel)}
        selected={selected}
        data-panel={panel.id}
        onPointerDown={() => onAct('onSelect', panel)}
        onFocus={() => onAct('onSelect', panel)}
        actions={distance === 'near' && <PanelButtons panel={panel} title={title} editable={editable} onAct={onAct} />}
      >
        <Nearby distance={distance}>{distance !== 'far' && content(panel)}</Nearby>
      </PanelFrame>
    </div>
  );
});

function PanelButtons({ panel, title, editable, onAct }: Omit<PanelCellProps, 'selected' | 'content'>) {
  const t = useText(words);
  const drawn = panel.kind === 'library' || panel.kind === 'chart';
  return (
    <>
      {drawn && (
        <Button
          size="icon-sm"
          variant="ghost"
          tooltip={t('explore')}
          aria-label={`${t('explore')}: ${title}`}
          onClick={() => onAct('onExplore', panel)}
        >
          <Compass size="0.875rem" />
        </Button>
      )}
      {drawn && editable && (
        <Button
          size="icon-sm"
          variant="ghost"
          tooltip={t('editChart')}
          aria-label={`${t('editChart')}: ${title}`}
          onClick={() => onAct('onEdit', panel)}
        >
          <ChartSpline size="0.875rem" />
        </Button>
      )}
      <Button
        size="icon-sm"
        variant="ghost"
        tooltip={`${t('fullPanel')} · v`}
        aria-label={`${t('fullPanel')}: ${title}`}
        onClick={() => onAct('onFull', panel)}
      >
        <Maximize2 size="0.875rem" />
      </Button>
    </>
  );
}
