import { GaugeChart, PieChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// Only what is drawn is registered. ECharts' own tooltip writes HTML with inline styles, which the content security policy refuses.
use([PieChart, GaugeChart, GridComponent, LegendComponent, CanvasRenderer]);

export { type EChartsType, init } from 'echarts/core';
