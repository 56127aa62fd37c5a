import { formatNumber } from '#common/format.ts';
import type { PlotLine, PlotState } from './state.ts';
import { timeLabel } from './ticks.ts';

/** Returns a state with plain colours, for pages without a theme: `new Plot(holder, { state: plainState([…]) })`. */
export function plainState(lines: readonly PlotLine[], more: Partial<PlotState> = {}): PlotState {
  return {
    lines,
    kind: 'line',
    stack: 'none',
    scale: 'linear',
    min: undefined,
    max: undefined,
    annotations: { thresholds: [], intervals: [], marks: [] },
    frame: { left: 56, right: 12, top: 8, bottom: 24 },
    look: {
      faint: '#8d969f',
      muted: '#a3abb3',
      border: '#292e33',
      surface: '#16191c',
      attention: '#e0b050',
      heat: '#6ea8dc',
      font: 'sans-serif',
      rem: 16,
      rtl: false,
      clock: 'utc',
      timeLabel: (at, step) => timeLabel(at, step, { locale: 'en-GB', clock: 'utc' }),
      valueLabels: (values, { step }) => ({
        texts: values.map((value) => formatNumber(value, Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))))),
        note: '',
        width: 0,
      }),
    },
    mini: false,
    ...more,
  };
}
