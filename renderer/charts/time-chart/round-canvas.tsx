import { useLayoutEffect, useRef, useState } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { type EChartsType, init } from '../echarts.ts';
import { usePixelRatio } from '../surface.ts';
import { useChartTheme } from '../theme.ts';
import type { ChartSeries } from '../types.ts';
import { roundOption } from './round-option.ts';

interface RoundChartProps {
  definition: ChartDrawing;
  lines: readonly ChartSeries[];
  label: string;
}

/** Pie and gauge, drawn by ECharts alone: a value or two, redrawn when they change. */
export default function RoundCanvas({ definition, lines, label }: RoundChartProps) {
  const theme = useChartTheme();
  const { language } = usePreferences();
  const ratio = usePixelRatio();
  const holder = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = holder.current;
    if (!element) return;
    const instance = init(element, null, { renderer: 'canvas', devicePixelRatio: ratio });
    setChart(instance);
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      if (width === 0 || height === 0) return;
      instance.resize({ width, height, silent: true });
      setSize({ width, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      instance.dispose();
      setChart(null);
    };
  }, [ratio]);
  useLayoutEffect(() => {
    if (!chart || chart.isDisposed() || size.width === 0) return;
    chart.setOption(roundOption({ definition, lines, theme, size, rtl: language === 'ar' }), { notMerge: true });
  }, [chart, definition, lines, theme, size, language]);
  return <div ref={holder} role="img" aria-label={label} dir="ltr" className="size-full" />;
}
