import type { DashboardBody, Panel } from '../contract/dashboards.ts';

const maxNamed = 6;

/** Returns a panel's title, or what it shows. */
export function panelName(panel: Panel): string {
  switch (panel.kind) {
    case 'library':
      return panel.title || panel.chart;
    case 'chart':
      return panel.drawing.title;
    case 'text':
    case 'logs':
      return panel.title || panel.id;
  }
}

/**
 * Describes paths in a chart or dashboard in one phrase: `the title, panel “CPU” (place, drawing.unit) and variable “loader”`.
 * @param documents versions in which panel names are looked up, newest first
 */
export function describePlaces(paths: readonly (readonly string[])[], documents: readonly object[]): string {
  const places = new Map<string, string[]>();
  for (const [list = '', id, ...fields] of paths) {
    const key = id === undefined ? list : `${list === 'panels' ? 'panel' : 'variable'} “${nameOf(list, id, documents)}”`;
    places.set(key, [...(places.get(key) ?? []), ...(fields.length > 0 ? [fields.join('.')] : [])]);
  }
  const named = [...places].map(([place, fields]) => (fields.length === 0 ? place : `${place} (${fields.join(', ')})`));
  if (named.length > maxNamed) return `${named.slice(0, maxNamed).join(', ')} and ${named.length - maxNamed} more`;
  return named.length < 2 ? (named[0] ?? 'nothing') : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
}

function nameOf(list: string, id: string, documents: readonly object[]): string {
  if (list !== 'panels') return id;
  for (const document of documents) {
    const panel = (document as Partial<DashboardBody>).panels?.find((one) => one.id === id);
    if (panel !== undefined) return panelName(panel);
  }
  return id;
}
