import { z } from 'zod';
import type { Chart, ChartDefinition, ChartUsage } from '../charts.ts';
import { chartDefinition, chartDrawing } from '../charts.ts';
import type { Dashboard } from '../dashboards.ts';
import { code } from '../primitives.ts';
import type { VersionEntry } from '../versions.ts';
import { connectionId } from './connections.ts';
import { event, method, service } from './rpc.ts';
import type { Seen } from './seen.ts';

const onChart = z.strictObject({ connectionId, code });
const version = z.number().int().min(1);

/** A definition as it was in one version. */
export interface ChartVersion {
  entry: VersionEntry;
  body: ChartDefinition;
}

/** Chart definitions: last copies stay readable offline; every change needs the backend. */
export const charts = service({
  methods: {
    list: method<{ charts: Chart[]; asOf: number | null }>()(z.strictObject({ connectionId })),
    /** The newest there is: asked for, where the backend answers. Null when it is not known, or no more. */
    get: method<Seen<Chart | null>>()(onChart),
    /** What uses each chart, by its code; a chart that nothing uses is left out. Null when it was never read. */
    usage: method<Seen<Record<string, ChartUsage> | null>>()(z.strictObject({ connectionId })),
    versions: method<Seen<VersionEntry[]>>()(onChart),
    version: method<Seen<ChartVersion | null>>()(onChart.extend({ version })),
    /** The JSON schema that the backend publishes for definitions. */
    schema: method<Seen<Record<string, unknown> | null>>()(z.strictObject({ connectionId })),
    create: method<Chart>()(z.strictObject({ connectionId, chart: chartDefinition })),
    /** `version` is the one that was read; `version_conflict` says that somebody was faster. */
    update: method<Chart>()(z.strictObject({ connectionId, chart: chartDefinition.extend({ version }) })),
    remove: method<void>()(onChart),
    /** Makes version `to` the newest again; `version` is the one that was read. */
    rollback: method<Chart>()(onChart.extend({ to: version, version })),
    /** Puts a chart of the library, or one of its own, below everything on a dashboard. */
    addToDashboard: method<Dashboard>()(
      z.strictObject({
        connectionId,
        dashboard: code,
        panel: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('library'), chart: code }),
          z.strictObject({ kind: z.literal('chart'), drawing: chartDrawing }),
        ]),
      }),
    ),
  },
  events: {
    changed: event<{ connectionId: string; charts: Chart[]; asOf: number | null }>(),
    /** What uses charts, or their history, may have changed: ask again for what is on screen. */
    touched: event<{ connectionId: string; what: 'history' | 'usage' }>(),
  },
});
