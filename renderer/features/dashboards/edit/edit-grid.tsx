import { Copy, Settings2, Trash2 } from 'lucide-react';
import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import GridLayout, { type Layout, verticalCompactor } from 'react-grid-layout';
import type { Chart } from '#common/contract/charts.ts';
import { type DashboardBody, gridColumns, type Panel } from '#common/contract/dashboards.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { PanelFrame } from '../view/frame.tsx';
import { WhenNear } from '../view/nearby.tsx';
import { isHeading, titleOf } from '../view/values.ts';
import { least, settle } from './layout.ts';
import type { PanelEdits } from './use-panel-edits.ts';
import { words } from './words.ts';

interface EditGridProps {
  body: DashboardBody;
  charts: readonly Chart[];
  selected: string | null;
  onSelect: (id: string | null) => void;
  onChange: (body: DashboardBody) => void;
  onSettings: (id: string) => void;
  panels: PanelEdits;
  children: (panel: Panel) => ReactNode;
}

/** Returns the heights of rows and gaps, as in the view, px. */
function useMeasures() {
  const holder = useRef<HTMLDivElement>(null);
  const [measures, setMeasures] = useState({ width: 0, rem: 16 });
  useLayoutEffect(() => {
    const element = holder.current;
    if (!element) return;
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setMeasures((before) => (before.width === element.clientWidth && before.rem === rem ? before : { width: element.clientWidth, rem }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { holder, ...measures };
}

/**
 * The grid of an edit: panels are moved by their title and resized by their corner. Right to left it is mirrored, because the grid library
 * only knows left to right.
 */
export function EditGrid({ body, charts, selected, onSelect, onChange, onSettings, panels: edits, children }: EditGridProps) {
  const rtl = usePreferences().language === 'ar';
  const { holder, width, rem } = useMeasures();
  const { panels, layout, take } = useGridLayout(body, rtl, onChange);
  return (
    <div ref={holder} data-board dir="ltr" className="min-h-full">
      {/* The grid library would add a <style> of this id, which the content security policy refuses; ours is in the style sheet. */}
      <span id="react-draggable-style-el" hidden />
      {width > 0 && (
        <GridLayout
          width={width}
          layout={layout}
          gridConfig={{ cols: gridColumns, rowHeight: 2 * rem, margin: [rem / 2, rem / 2], containerPadding: [0, 0] }}
          dragConfig={{ handle: '.panel-handle', cancel: '.no-drag' }}
          resizeConfig={{ handles: [rtl ? 'sw' : 'se'] }}
          compactor={verticalCompactor}
          onDragStart={(_, item) => item && onSelect(item.i)}
          onDragStop={take}
          onResizeStart={(_, item) => item && onSelect(item.i)}
          onResizeStop={take}
        >
          {panels.map((panel) => {
            const title = titleOf(panel, charts);
            return (
              <div key={panel.id} dir={rtl ? 'rtl' : 'ltr'}>
                <PanelFrame
                  title={title}
                  heading={isHeading(panel)}
                  selected={panel.id === selected}
                  movable
                  tabIndex={0}
                  data-panel={panel.id}
                  onFocus={() => onSelect(panel.id)}
                  onPointerDown={() => onSelect(panel.id)}
                  actions={<PanelActions id={panel.id} title={title} edits={edits} onSettings={onSettings} />}
                >
                  <WhenNear>{children(panel)}</WhenNear>
                </PanelFrame>
              </div>
            );
          })}
        </GridLayout>
      )}
    </div>
  );
}

/** Converts the panels to the grid library's layout; `take` applies a layout to them. */
function useGridLayout(body: DashboardBody, rtl: boolean, onChange: (body: DashboardBody) => void) {
  const panels = useMemo(() => settle(body.panels), [body.panels]);
  const layout = useMemo<Layout>(
    () =>
      panels.map(({ id, place }) => ({
        ...place,
        i: id,
        x: rtl ? gridColumns - place.x - place.w : place.x,
        minW: least.w,
        minH: least.h,
      })),
    [panels, rtl],
  );
  const take = (next: Layout) => {
    const moved = panels.map((panel): Panel => {
      const item = next.find(({ i }) => i === panel.id);
      if (!item) return panel;
      const { w, h, y } = item;
      return { ...panel, place: { x: rtl ? gridColumns - item.x - w : item.x, y, w, h } };
    });
    onChange({ ...body, panels: settle(moved) });
  };
  return { panels, layout, take };
}

interface PanelActionsProps extends Pick<EditGridProps, 'onSettings'> {
  id: string;
  title: string;
  edits: PanelEdits;
}

/** The buttons in the corner of a panel. */
function PanelActions({ id, title, edits, onSettings }: PanelActionsProps) {
  const t = useText(words);
  const button = (word: 'panelSettings' | 'duplicatePanel' | 'deletePanel', icon: ReactNode, run: (id: string) => void) => (
    <Button size="icon-sm" variant="ghost" tooltip={t(word)} aria-label={`${t(word)}: ${title}`} onClick={() => run(id)}>
      {icon}
    </Button>
  );
  return (
    <>
      {button('panelSettings', <Settings2 size="0.875rem" />, onSettings)}
      {button('duplicatePanel', <Copy size="0.875rem" />, edits.duplicate)}
      {button('deletePanel', <Trash2 size="0.875rem" />, edits.remove)}
    </>
  );
}
