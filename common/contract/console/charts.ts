import { z } from 'zod';
import type { Chart, ChartDefinition, ChartUsage } from '../charts.ts';
import { chartDefinition, chartDrawing } from '../charts.ts';
import type { Dashboard } from '../dashboards.ts';
import { code } from '../primitives.ts';
import type { VersionEntry } from '../versions.ts';
import type { Cached } from './cached.ts';
import { connectionId } from './connections.ts';
import { event, method, service } from './rpc.ts';

const onChart = z.strictObject({ connectionId, code });
const version = z.number().int().min(1);

/** A definition as it was in one version. */
export interface ChartVersion {
  entry: VersionEntry;
  body: ChartDefinition;
}

/** Chart definitions: cached copies are readable offline; every change needs the backend. */
export const charts = service({
  methods: {
    list: method<{ charts: Chart[]; asOf: number | null }>()(z.strictObject({ connectionId })),
    /** Returns the newest definition, from the backend if it answers. Null when it is unknown or deleted. */
    get: method<Cached<Chart | null>>()(onChart),
    /** Returns what uses each chart, by its code; unused charts are left out. Null when it was never read. */
    usage: method<Cached<Record<string, ChartUsage> | null>>()(z.strictObject({ connectionId })),
    versions: method<Cached<VersionEntry[]>>()(onChart),
    version: method<Cached<ChartVersion | null>>()(onChart.extend({ version })),
    /** The JSON schema that the backend publishes for definitions. */
    schema: method<Cached<Record<string, unknown> | null>>()(z.strictObject({ connectionId })),
    create: method<Chart>()(z.strictObject({ connectionId, chart: chartDefinition })),
    /** `version` is the one that was read; `version_conflict` means that someone else changed the chart first. */
    update: method<Chart>()(z.strictObject({ connectionId, chart: chartDefinition.extend({ version }) })),
    remove: method<void>()(onChart),
    /** Restores version `to`; `version` is the one that was read. */
    rollback: method<Chart>()(onChart.extend({ to: version, version })),
    /** Adds a library chart, or a chart of its own, to a dashboard, below all other panels. */
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
    /** The usage of charts or their history may have changed: read again what is on screen. */
    touched: event<{ connectionId: string; what: 'history' | 'usage' }>(),
  },
});
