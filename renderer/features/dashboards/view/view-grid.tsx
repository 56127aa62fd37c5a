import { ChartSpline, Compass, Maximize2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { DashboardBody, Panel } from '#common/contract/dashboards.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { PanelFrame, WhenNear } from './frame.tsx';
import { isHeading, shownTitle } from './values.ts';
import { words } from './words.ts';

interface ViewGridProps {
  body: DashboardBody;
  charts: readonly Chart[];
  values: VariableValues;
  selected: string | null;
  onSelect: (id: string) => void;
  onFull: (id: string) => void;
  onExplore: (panel: Panel) => void;
  onEdit: ((panel: Panel) => void) | undefined;
  /** As high as the window: what nearly fits is seen whole, without scrolling. */
  fill: boolean;
  children: (panel: Panel) => ReactNode;
}

/** Panels where they stand. */
export function ViewGrid({ body, charts, values, selected, onSelect, onFull, onExplore, onEdit, fill, children }: ViewGridProps) {
  const t = useText(words);
  const rows = Math.max(1, ...body.panels.map(({ place }) => place.y + place.h));
  // 2 rem of padding around, 0.5 rem between the rows; rows shrink by a third at most.
  const fitting = { gridAutoRows: `max(1.33rem, (100dvh - 2rem - ${(rows - 1) / 2}rem) / ${rows})` };
  return (
    <div data-board className="grid auto-rows-[2rem] grid-cols-[repeat(24,minmax(0,1fr))] gap-2" style={fill ? fitting : undefined}>
      {body.panels.map((panel) => {
        const { x, y, w, h } = panel.place;
        const title = shownTitle(panel, charts, values, t('everyValue'));
        const drawn = panel.kind === 'library' || panel.kind === 'chart';
        return (
          <div key={panel.id} style={{ gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}` }}>
            <PanelFrame
              title={title}
              heading={isHeading(panel)}
              selected={panel.id === selected}
              data-panel={panel.id}
              onPointerDown={() => onSelect(panel.id)}
              onFocus={() => onSelect(panel.id)}
              actions={
                <>
                  {drawn && (
                    <Button
                      size="icon-sm"
                      variant="ghost"
                      tooltip={t('explore')}
                      aria-label={`${t('explore')}: ${title}`}
                      onClick={() => onExplore(panel)}
                    >
                      <Compass size="0.875rem" />
                    </Button>
                  )}
                  {drawn && onEdit && (
                    <Button
                      size="icon-sm"
                      variant="ghost"
                      tooltip={t('editChart')}
                      aria-label={`${t('editChart')}: ${title}`}
                      onClick={() => onEdit(panel)}
                    >
                      <ChartSpline size="0.875rem" />
                    </Button>
                  )}
                  <Button
                    size="icon-sm"
                    variant="ghost"
                    tooltip={`${t('fullPanel')} · v`}
                    aria-label={`${t('fullPanel')}: ${title}`}
                    onClick={() => onFull(panel.id)}
                  >
                    <Maximize2 size="0.875rem" />
                  </Button>
                </>
              }
            >
              <WhenNear>{children(panel)}</WhenNear>
            </PanelFrame>
          </div>
        );
      })}
    </div>
  );
}
