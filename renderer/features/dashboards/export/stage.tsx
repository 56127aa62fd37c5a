import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { Chart } from '#common/contract/charts.ts';
import type { DashboardBody, Panel } from '#common/contract/dashboards.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import { type ChartPicture, ChartSurface } from '#renderer/charts/index.ts';
import type { ViewRange } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { PanelFrame } from '../view/frame.tsx';
import { PanelBody } from '../view/panel.tsx';
import { drawingOf, isHeading, shownTitle } from '../view/values.ts';
import { words } from './words.ts';

/** Time limit for the panels' queries, ms. After that, the export shows what has arrived. */
const timeoutMs = 30_000;
/** Time that a chart needs to be drawn after its answers, ms. */
const settleMs = 400;

export interface Staged {
  /** The whole dashboard. */
  board: HTMLElement;
  /** Each panel's frame, by id. */
  panels: ReadonlyMap<string, HTMLElement>;
  /** Time of the oldest answer, ms; null if one was never confirmed, undefined if no panel draws a chart. */
  asOf: number | null | undefined;
}

interface StageProps {
  body: DashboardBody;
  charts: readonly Chart[];
  connectionId: string;
  range: ViewRange;
  values: VariableValues;
  theme: string;
  /** Device pixels per CSS pixel. */
  ratio: number;
  /** Width of the board, CSS pixels. */
  width: number;
  /** Draws title and border around each panel; paper has its own. */
  framed: boolean;
  /** Content above the panels. */
  heading?: ReactNode;
  onProgress?: (done: number) => void;
  onReady: (staged: Staged) => void;
}

/** Draws a dashboard off screen, completely and without animation, for an export. */
export function Stage({
  body,
  charts,
  connectionId,
  range,
  values,
  theme,
  ratio,
  width,
  framed,
  heading,
  onProgress,
  onReady,
}: StageProps) {
  const t = useText(words);
  const [root, setRoot] = useState<HTMLDivElement | null>(null);
  const waitsFor = body.panels.filter((panel) => drawingOf(panel, charts) !== undefined).map(({ id }) => id);
  const { board, take, waiting } = useStaged(waitsFor, root !== null, onReady);
  const done = body.panels.length - waiting;
  useEffect(() => onProgress?.(done), [onProgress, done]);
  return createPortal(
    <div className="pointer-events-none fixed start-full top-0 h-0 overflow-visible" aria-hidden="true" inert>
      <div ref={setRoot} data-theme={theme} className="bg-background text-foreground" style={{ width }}>
        {root && (
          <ChartSurface value={{ root, ratio }}>
            <div ref={board} className="bg-background p-4">
              {heading}
              <div className="grid auto-rows-[2rem] grid-cols-[repeat(24,minmax(0,1fr))] gap-2">
                {body.panels.map((panel) => (
                  <PanelPlace key={panel.id} panel={panel} title={framed ? shownTitle(panel, charts, values, t('everyValue')) : null}>
                    <StagedBody panel={panel} charts={charts} connectionId={connectionId} range={range} values={values} onPicture={take} />
                  </PanelPlace>
                ))}
              </div>
            </div>
          </ChartSurface>
        )}
      </div>
    </div>,
    document.body,
  );
}

/** A panel's place on the board. @param title in its frame; null draws no frame, because paper has its own */
function PanelPlace({ panel, title, children }: { panel: Panel; title: string | null; children: ReactNode }) {
  const { x, y, w, h } = panel.place;
  return (
    <div style={{ gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}` }}>
      {title !== null ? (
        <PanelFrame title={title} heading={isHeading(panel)}>
          {children}
        </PanelFrame>
      ) : (
        // The padding that paper uses for border and title, so that a picture fits its panel there.
        <div className="size-full px-[11px] pt-[35px] pb-[13px]">
          <div data-staged={panel.id} className="size-full">
            {children}
          </div>
        </div>
      )}
    </div>
  );
}

/**
 * Waits until all panels are drawn, or until a time limit, then passes on the stage, once.
 * @param waitsFor ids of the panels that draw a chart
 * @returns `take`, which receives each picture, and the number of panels still missing
 */
function useStaged(waitsFor: readonly string[], isMounted: boolean, onReady: (staged: Staged) => void) {
  const board = useRef<HTMLDivElement>(null);
  const pictures = useRef(new Map<string, ChartPicture>());
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const waiting = waitsFor.filter((id) => !done.has(id)).length;
  const isReported = useRef(false);
  const ready = useRef(onReady);
  ready.current = onReady;
  const take = useCallback((id: string, picture: ChartPicture) => {
    pictures.current.set(id, picture);
    if (!picture.reading) setDone((before) => (before.has(id) ? before : new Set(before).add(id)));
  }, []);
  const finish = useCallback(() => {
    if (isReported.current || !board.current) return;
    isReported.current = true;
    const found = [...board.current.querySelectorAll<HTMLElement>('[data-staged]')].map(
      (one) => [one.dataset['staged'] ?? '', one] as const,
    );
    const known = [...pictures.current.values()].map(({ asOf }) => asOf);
    const asOf = known.length === 0 ? undefined : known.includes(null) ? null : Math.min(...known.filter((one) => one !== null));
    ready.current({ board: board.current, panels: new Map(found), asOf });
  }, []);
  useEffect(() => {
    const timer = setTimeout(finish, timeoutMs);
    return () => clearTimeout(timer);
  }, [finish]);
  useEffect(() => {
    if (waiting > 0 || !isMounted) return;
    const timer = setTimeout(finish, settleMs);
    return () => clearTimeout(timer);
  }, [waiting, isMounted, finish]);
  return { board, take, waiting };
}

interface StagedBodyProps {
  panel: Panel;
  charts: readonly Chart[];
  connectionId: string;
  range: ViewRange;
  values: VariableValues;
  onPicture: (id: string, picture: ChartPicture) => void;
}

function StagedBody({ panel, charts, connectionId, range, values, onPicture }: StagedBodyProps) {
  const { id } = panel;
  const take = useCallback((picture: ChartPicture) => onPicture(id, picture), [id, onPicture]);
  return <PanelBody panel={panel} charts={charts} connectionId={connectionId} range={range} values={values} onPicture={take} />;
}
