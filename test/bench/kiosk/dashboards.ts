import type { z } from 'zod';
import type { chartDrawing } from '#common/contract/charts.ts';
import type { Client } from '#common/contract/client.ts';

const panelCount = 30;
const columns = 6;
/** Short, so that it is filled during the warm-up: a longer range would still grow and look like a leak. */
const rangeMs = 60_000;

type Drawing = z.input<typeof chartDrawing>;

/** Everything that a wall shows in turn: lines of belts and of this host, figures, dials, tables, bars and a heat map. */
const drawings: readonly Drawing[] = [
  { title: 'Belt speed', type: 'line', selector: { from: 'signal', loaderCode: 'belt-speed' } },
  { title: 'Items', type: 'bar', selector: { from: 'signal', loaderCode: 'belt-items' } },
  { title: 'Load', type: 'line', selector: { from: 'metric', name: 'host_load1', labels: {} } },
  { title: 'Memory', type: 'area', selector: { from: 'metric', name: 'host_memory_used_bytes', labels: {} } },
  { title: 'Speed now', type: 'stat', selector: { from: 'signal', loaderCode: 'belt-speed' } },
  { title: 'Speed dial', type: 'gauge', selector: { from: 'signal', loaderCode: 'belt-speed' } },
  { title: 'Speed table', type: 'table', selector: { from: 'signal', loaderCode: 'belt-speed' } },
  { title: 'Speed by time', type: 'heatmap', selector: { from: 'signal', loaderCode: 'belt-speed' } },
];

export const kioskCodes = ['kiosk-a', 'kiosk-b'] as const;

/** Makes the two dashboards that the wall changes between. */
export async function makeKioskDashboards(client: Client): Promise<void> {
  for (const [turn, code] of kioskCodes.entries()) {
    const panels = Array.from({ length: panelCount }, (_, i) => {
      const drawing = drawings[(i + turn * 3) % drawings.length] as Drawing;
      const place = { x: (i % columns) * 4, y: Math.floor(i / columns) * 4, w: 4, h: 4 };
      return { id: `p${i}`, kind: 'chart' as const, place, drawing: { ...drawing, title: `${drawing.title} ${i + 1}` } };
    });
    await client.dashboards.create({ body: { code, title: `Kiosk ${code}`, range: { lastMs: rangeMs }, refreshMs: 5_000, panels } });
  }
}
