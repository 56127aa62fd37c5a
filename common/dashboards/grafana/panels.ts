import { type ChartDrawing, chartDrawing } from '../../contract/charts.ts';
import type { Panel } from '../../contract/dashboards.ts';
import { dayMs } from '../../time/durations.ts';
import { durationOf } from '../../time/exact-duration.ts';
import { fitting, type Losses } from './losses.ts';
import type { GrafanaPanel } from './model.ts';
import type { Placed } from './places.ts';
import { importQueries, type QueryContext, withVariables } from './queries.ts';
import { aggregationOf, chartTypeOf, styleOf } from './style.ts';

export type PanelContext = Omit<QueryContext, 'where'>;

/**
 * Imports one panel. A chart whose queries all lack a counterpart becomes a text panel that shows them, so that it can be recreated by
 * hand. A panel of an unsupported type is left out. Both are reported as losses.
 */
export function importPanel({ panel, place, where }: Placed, id: string, context: PanelContext): Panel | null {
  const { losses } = context;
  const title = fitting(withVariables(where, context), 120, where, 'title', losses);
  if (panel.type === 'row') return { id, place, kind: 'text', title: '', markdown: `## ${title}` };
  if (panel.type === 'text') return { id, place, kind: 'text', title: panel.title ? title : '', markdown: textOf(panel, where, context) };
  reportDropped(panel, where, losses);
  if (panel.type === 'logs') {
    const queries = (panel.targets ?? []).flatMap(({ expr }) => (expr ? [expr] : []));
    if (queries.length > 1) losses.add(where, 'logs_queries', { query: queries.slice(1).join('\n') });
    return { id, place, kind: 'logs', title, query: fitting(queries[0] ?? '', 4_000, where, 'query', losses) };
  }
  const drawing = importDrawing(panel, title, where, context);
  if (drawing === 'unknown kind') {
    losses.addPanel(where, 'panel_type', { type: panel.type ?? '–' });
    return null;
  }
  return drawing === 'no query'
    ? { id, place, kind: 'text', title, markdown: queriesAsText(panel) }
    : { id, place, kind: 'chart', drawing };
}

function importDrawing(
  panel: GrafanaPanel,
  title: string,
  where: string,
  context: PanelContext,
): ChartDrawing | 'unknown kind' | 'no query' {
  const { losses } = context;
  const type = chartTypeOf(panel, where, losses);
  if (type === null) return 'unknown kind';
  const found = importQueries(panel, aggregationOf(panel, type, where, losses), { ...context, where });
  const bucketMs = found?.bucketMs ?? (found ? intervalOf(panel, where, losses) : null);
  const [own, ...beside] = found?.queries ?? [];
  if (own === undefined) {
    if ((panel.targets ?? []).length === 0) losses.add(where, 'queries_none');
    return 'no query';
  }
  const { name: _, ...measure } = own;
  return chartDrawing.parse({
    title,
    description: fitting(panel.description ?? '', 2_000, where, 'description', losses),
    ...measure,
    beside,
    ...(bucketMs === null ? {} : { bucketMs }),
    ...styleOf(panel, type, where, losses),
  });
}

/** Returns the panel's minimum bucket width (`1m`, `>10s`), ms; null if it has none. */
function intervalOf({ interval }: GrafanaPanel, where: string, losses: Losses): number | null {
  const value = interval?.trim() ?? '';
  if (value === '' || value === 'auto') return null;
  const ms = durationOf(value.replace(/^>\s*/, ''));
  const usable = ms !== null && ms >= 1_000 && ms <= dayMs;
  losses.add(where, usable ? 'interval' : 'interval_unread', { value });
  return usable ? ms : null;
}

function textOf(panel: GrafanaPanel, where: string, context: PanelContext): string {
  const { losses } = context;
  const content = withVariables(panel.options?.content ?? panel.content ?? '', context);
  const mode = panel.options?.mode ?? panel.mode ?? 'markdown';
  if (mode === 'html') losses.add(where, 'html');
  return fitting(mode === 'code' ? `\`\`\`\n${content}\n\`\`\`` : content, 20_000, where, 'text', losses);
}

function queriesAsText(panel: GrafanaPanel): string {
  const queries = (panel.targets ?? []).map((target) => target.expr?.trim() || JSON.stringify(target));
  const text = ['This panel’s queries have no counterpart here:', ...queries.map((query) => `\`\`\`\n${query}\n\`\`\``)].join('\n\n');
  return text.slice(0, 20_000);
}

function reportDropped(panel: GrafanaPanel, where: string, losses: Losses): void {
  if (panel.repeat) losses.add(where, 'repeat', { name: panel.repeat });
  for (const { id } of panel.transformations ?? []) losses.add(where, 'transformation', { name: id ?? '' });
  const overrides = (panel.fieldConfig?.overrides ?? []).length + (panel.seriesOverrides ?? []).length;
  if (overrides > 0) losses.add(where, 'overrides', { count: overrides });
  reportOtherUnits(panel, where, losses);
  if ((panel.fieldConfig?.defaults?.mappings ?? []).length + (panel.valueMaps ?? []).length > 0) losses.add(where, 'mappings');
  if ((panel.links ?? []).length > 0) losses.add(where, 'panel_links');
  if (panel.timeFrom || panel.timeShift) losses.add(where, 'own_time', { value: panel.timeFrom ?? panel.timeShift ?? '' });
  if (panel.alert != null) losses.add(where, 'panel_alert');
}

/** Reports the units of a second axis and of single series as losses. */
function reportOtherUnits(panel: GrafanaPanel, where: string, losses: Losses): void {
  if ((panel.seriesOverrides ?? []).some(({ yaxis }) => yaxis === 2)) {
    losses.add(where, 'second_axis', { unit: panel.yaxes?.[1]?.format || 'short' });
  }
  for (const { matcher, properties } of panel.fieldConfig?.overrides ?? []) {
    const propertyOf = (id: string) => (properties ?? []).find((property) => property.id === id)?.value;
    const unit = propertyOf('unit');
    const name = typeof matcher?.options === 'string' ? matcher.options : (matcher?.id ?? '');
    if (propertyOf('custom.axisPlacement') === 'right') losses.add(where, 'second_axis', { unit: typeof unit === 'string' ? unit : name });
    else if (typeof unit === 'string') losses.add(where, 'override_unit', { unit, name });
  }
}
