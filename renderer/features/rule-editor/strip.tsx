import { type PointerEvent, useState } from 'react';
import { dayMs, secondMs, weekMs } from '#common/time/durations.ts';
import type { Interval } from '#common/time/intervals.ts';
import type { FiringInterval } from '#renderer/charts/index.ts';
import { severityVariable } from '#renderer/domain/severity.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { incidentWords } from './incidents/words.ts';

/** Width of the shortest mark, px. */
const markPx = 4;
/** Shorter drags count as clicks, px. */
const minDragPx = 4;

interface StripProps {
  marks: readonly FiringInterval[];
  incidents: readonly Interval[];
  interval: Interval;
  /** Its times are those of the chart above, so it is as wide as the plot there. */
  isBelowPlot: boolean;
  /** A drag marks an incident. The keyboard has a field for it, so the strip is hidden from assistive technology. */
  onMark: (incident: Interval) => void;
}

/** Firings as marks in time, incidents behind them, and a line where each week begins. Time runs to the right, as in the chart above. */
export function Strip({ marks, incidents, interval, isBelowPlot, onMark }: StripProps) {
  const t = useText(incidentWords);
  const { dragged, handlers } = useMarking(interval, onMark);
  const length = interval.to - interval.from;
  const share = (at: number) => `${(100 * (at - interval.from)) / length}%`;
  // What begins at the very end is still seen.
  const begin = (at: number) => `min(${share(at)}, 100% - ${markPx}px)`;
  const stepMs = length > 10 * dayMs ? weekMs : dayMs;
  const lines = Array.from({ length: Math.floor(length / stepMs) }, (_, i) => interval.to - (i + 1) * stepMs).filter(
    (at) => at > interval.from,
  );
  return (
    <div
      aria-hidden="true"
      data-strip
      title={t('dragToMark')}
      className={cn('relative h-7 shrink-0 cursor-crosshair touch-none overflow-hidden rounded-sm bg-hover', isBelowPlot && 'ms-16 me-3')}
      {...handlers}
    >
      {lines.map((at) => (
        <span key={at} className="absolute inset-y-0 w-px bg-border-strong" style={{ left: share(at) }} />
      ))}
      {[...incidents, ...(dragged ? [dragged] : [])].map(({ from, to }) => (
        <span
          key={from}
          data-incident
          className="absolute inset-y-0 min-w-1 border-accent border-x-2 bg-accent/30"
          style={{ left: begin(from), width: share(interval.from + to - from) }}
        />
      ))}
      {marks.map(({ from, to, severity }) => (
        <span
          key={`${severity} ${from}`}
          className="absolute inset-y-1.5 min-w-1 opacity-80"
          style={{
            left: begin(from),
            width: share((to ?? interval.to) - from + interval.from),
            background: `var(${severityVariable(severity)})`,
          }}
        />
      ))}
    </div>
  );
}

/** Returns the interval that a drag covers so far. */
function useMarking({ from, to }: Interval, onMark: (incident: Interval) => void) {
  const [drag, setDrag] = useState<{ startX: number; interval: Interval | null } | null>(null);
  const timeAt = (element: HTMLElement, clientX: number) => {
    const { left, width } = element.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - left) / Math.max(1, width)));
    return Math.round((from + share * (to - from)) / secondMs) * secondMs;
  };
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ startX: event.clientX, interval: null });
    },
    onPointerMove: ({ currentTarget, clientX }: PointerEvent<HTMLElement>) => {
      if (drag === null || (drag.interval === null && Math.abs(clientX - drag.startX) < minDragPx)) return;
      const [first, last] = [timeAt(currentTarget, drag.startX), timeAt(currentTarget, clientX)].sort((a, b) => a - b);
      if (first !== undefined && last !== undefined && first < last) setDrag({ ...drag, interval: { from: first, to: last } });
    },
    onPointerUp: () => {
      if (drag?.interval) onMark(drag.interval);
      setDrag(null);
    },
    onPointerCancel: () => setDrag(null),
  };
  return { dragged: drag?.interval ?? null, handlers };
}
