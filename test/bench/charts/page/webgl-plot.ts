import { ColorRGBA, WebglLine, WebglPlot } from 'webgl-plot';
import { type Contestant, colors, type Line, type Sight } from './contestant.ts';

/** webgl-plot: all points to the GPU as they are. It has no axes, and its value axis does not follow what is in sight. */
export const webglPlot: Contestant = {
  prepare({ t, v }: Line) {
    let min = Infinity;
    let max = -Infinity;
    for (const value of v) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
    const xy = new Float32Array(v.length * 2);
    for (let i = 0; i < v.length; i++) {
      xy[2 * i] = (2 * i) / (v.length - 1) - 1;
      xy[2 * i + 1] = (2 * ((v[i] ?? 0) - min)) / (max - min) - 1;
    }
    return { xy, start: t[0] ?? 0, end: t[t.length - 1] ?? 0 };
  },
  open(host, prepared) {
    const lines = prepared as readonly { xy: Float32Array; start: number; end: number }[];
    const [first] = lines;
    if (!first) throw new Error('a chart needs a line');
    const canvas = document.createElement('canvas');
    canvas.width = host.clientWidth;
    canvas.height = host.clientHeight;
    host.append(canvas);
    const plot = new WebglPlot(canvas);
    lines.forEach(({ xy }, i) => {
      const rgb = Number.parseInt((colors[i % colors.length] ?? '#000000').slice(1), 16);
      const line = new WebglLine(new ColorRGBA((rgb >> 16) / 255, ((rgb >> 8) & 255) / 255, (rgb & 255) / 255, 1), 0);
      line.xy = xy;
      line.numPoints = xy.length / 2;
      line.webglNumPoints = xy.length / 2;
      plot.addLine(line);
    });
    const { start, end } = first;
    const frame = ({ from, to }: Sight) => {
      const scale = (end - start) / (to - from);
      const middle = ((from + to) / 2 - start) / (end - start);
      plot.gScaleX = scale;
      plot.gOffsetX = -scale * (2 * middle - 1);
      plot.update();
    };
    frame({ from: start, to: end });
    return {
      frame,
      dispose() {
        plot.removeAllLines();
        canvas.remove();
      },
    };
  },
};
