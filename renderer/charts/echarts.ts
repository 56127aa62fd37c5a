import { BarChart, GaugeChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// Only what is drawn. ECharts' own tooltip writes HTML with inline styles, which the content security policy refuses: ours is React.
use([
  LineChart,
  BarChart,
  ScatterChart,
  PieChart,
  GaugeChart,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  CanvasRenderer,
]);

export { type EChartsType, init } from 'echarts/core';
