import { LineChart } from 'echarts/charts';
import { DataZoomInsideComponent, GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { type Contestant, colorOf } from './contestant.ts';

use([LineChart, GridComponent, DataZoomInsideComponent, CanvasRenderer]);

type Sampling = 'lttb' | 'minmax';

/** ECharts without animation: with pairs as in its examples, or with interleaved typed arrays and its own sampling. */
export function echarts(sampling: Sampling | null): Contestant {
  return {
    prepare({ t, v }) {
      if (sampling === null) return Array.from(v, (value, i) => [t[i], value]);
      const pairs = new Float64Array(v.length * 2);
      for (let i = 0; i < v.length; i++) {
        pairs[2 * i] = t[i] ?? 0;
        pairs[2 * i + 1] = v[i] ?? 0;
      }
      return pairs;
    },
    open(host, prepared) {
      const chart = init(host, null, { renderer: 'canvas' });
      chart.setOption({
        animation: false,
        grid: { left: 56, right: 12, top: 12, bottom: 28 },
        xAxis: { type: 'time' },
        yAxis: { type: 'value', scale: true },
        dataZoom: [{ type: 'inside' }],
        series: prepared.map((data, i) => ({
          type: 'line',
          data,
          showSymbol: false,
          silent: true,
          lineStyle: { width: 1, color: colorOf(i) },
          ...(sampling && { sampling }),
        })),
      });
      return {
        frame({ from, to }) {
          chart.dispatchAction({ type: 'dataZoom', startValue: from, endValue: to });
          // Otherwise it draws at its own next frame; this is what it would do there.
          chart.getZr().flush();
        },
        dispose: () => chart.dispose(),
      };
    },
  };
}
