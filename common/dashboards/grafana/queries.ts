import type { AdditionalQuery, SelectorTemplate } from '../../contract/charts.ts';
import { selectorTemplate } from '../../contract/charts.ts';
import type { Aggregation } from '../../contract/signals.ts';
import { dayMs } from '../../time/durations.ts';
import { printDurationInWeeks } from '../../time/exact-duration.ts';
import { type Matcher, NoCounterpart, readExpression } from './expression.ts';
import { fitting, type Losses } from './losses.ts';
import type { GrafanaDashboard, GrafanaPanel, Target } from './model.ts';

const maxOtherQueries = 20;

export interface ImportedQueries {
  /** At least one. */
  queries: AdditionalQuery[];
  bucketMs: number | null;
}

export interface QueryContext {
  where: string;
  names: ReadonlyMap<string, string>;
  /** Types of data sources by the name an exported file gives them: `DS_PROMETHEUS` → `prometheus`. */
  sources: ReadonlyMap<string, string>;
  losses: Losses;
}

export function sourcesOf({ __inputs }: GrafanaDashboard): ReadonlyMap<string, string> {
  return new Map(
    (__inputs ?? []).flatMap(({ name, type, pluginId }) => (type === 'datasource' && pluginId ? [[name, pluginId] as const] : [])),
  );
}

/**
 * Returns the panel's queries that have a counterpart. Those without one, and any simplifications, are reported as losses.
 * @param fallback aggregation for expressions without one
 * @returns null when none has
 */
export function importQueries(panel: GrafanaPanel, fallback: Aggregation, context: QueryContext): ImportedQueries | null {
  const { where, losses } = context;
  const queries: AdditionalQuery[] = [];
  const widths = new Map<number, string>();
  let open = 0;
  for (const target of panel.targets ?? []) {
    const what = target.expr?.trim() || `query ${target.refId ?? ''}`.trim();
    if (target.hide) losses.add(where, 'query_hidden', { query: what });
    else if (foreignSource(panel, target, context))
      losses.add(where, 'query_source', { query: what, source: foreignSource(panel, target, context) ?? '' });
    else if (queries.length > maxOtherQueries) losses.add(where, 'queries_over', { query: what, max: maxOtherQueries + 1 });
    else {
      const found = importTarget(target, fallback, what, context);
      if (found === null) continue;
      queries.push(found.query);
      if (found.bucketMs === null) open += 1;
      else widths.set(found.bucketMs, found.width);
    }
  }
  if (queries.length === 0) return null;
  return {
    queries: queries.map((query, i) => named(query, i, where, losses)),
    bucketMs: sharedWidth(widths, open > 0, where, losses),
  };
}

/** Returns the common bucket width of all queries, ms, or null. */
function sharedWidth(widths: ReadonlyMap<number, string>, someOpen: boolean, where: string, losses: Losses): number | null {
  if (widths.size > 1) losses.add(where, 'widths', { values: [...widths.values()].join(', ') });
  const [only, ...others] = widths;
  if (only === undefined || others.length > 0) return null;
  const [ms, value] = only;
  if (ms > dayMs || ms < 1) {
    losses.add(where, 'width_over', { value });
    return null;
  }
  if (someOpen) losses.add(where, 'width_shared', { value });
  return ms;
}

/** The first query becomes the chart's own, which has no name. */
function named({ name, ...query }: AdditionalQuery, i: number, where: string, losses: Losses): AdditionalQuery {
  if (name === undefined) return query;
  if (i > 0) return { ...query, name };
  losses.add(where, 'legend_first', { legend: name });
  return query;
}

/** Returns the type of a data source that does not use PromQL; null if it does, or if unknown. */
function foreignSource(panel: GrafanaPanel, target: Target, { sources }: QueryContext): string | null {
  const type = typeOf(target.datasource, sources) ?? typeOf(panel.datasource, sources);
  if (type !== null) return /prometheus|mimir|thanos|cortex|victoriametrics/i.test(type) ? null : type;
  return target.expr == null ? 'unknown' : null;
}

function typeOf(source: Target['datasource'], sources: ReadonlyMap<string, string>): string | null {
  const name = typeof source === 'string' ? source : source?.uid;
  const input = sources.get(/^\$\{(\w+)\}$/.exec(name ?? '')?.[1] ?? '');
  if (input !== undefined) return input;
  if (typeof source === 'string') return source === '-- Grafana --' || source === '-- Dashboard --' ? source : null;
  return source?.type && source.uid !== '-- Mixed --' ? source.type : null;
}

function importTarget(
  target: Target,
  fallback: Aggregation,
  what: string,
  context: QueryContext,
): { query: AdditionalQuery; bucketMs: number | null; width: string } | null {
  const { where, losses } = context;
  try {
    const question = readExpression(target.expr ?? '');
    const selector = importSelector(question.name, question.matchers, what, context);
    for (const { code, params } of question.losses) losses.add(where, code, { ...params, query: what });
    const name = legendOf(target, context);
    const query = { selector, aggregation: question.aggregation ?? fallback, ...(name === null ? {} : { name }) };
    if (question.variableWidth !== undefined) losses.add(where, 'width_variable', { value: question.variableWidth });
    return { query, bucketMs: question.bucketMs, width: `${question.bucketMs === null ? '' : printDurationInWeeks(question.bucketMs)}` };
  } catch (error) {
    if (!(error instanceof NoCounterpart)) throw error;
    losses.add(where, error.code, { ...error.params, query: what });
    return null;
  }
}

/** @throws NoCounterpart when the metric's name is not allowed here */
function importSelector(metric: string, matchers: readonly Matcher[], what: string, context: QueryContext): SelectorTemplate {
  const { where, losses } = context;
  const labels: Record<string, string> = {};
  for (const matcher of matchers) {
    const value = matchedValue(matcher, context);
    if (value === null) {
      losses.add(where, 'matcher', { query: what, matcher: `${matcher.label}${matcher.operator}"${matcher.value}"` });
    } else if (value !== '*') labels[matcher.label] = value;
  }
  const variable = variableIn(metric, context);
  const checked = selectorTemplate.safeParse({ from: 'metric', name: variable ?? metric, labels });
  if (checked.success) return checked.data;
  throw new NoCounterpart('metric_name', { name: metric });
}

/** Returns the text or variable that a label must equal, `*` for any; null when there is no counterpart. */
function matchedValue({ operator, value }: Matcher, context: QueryContext): string | null {
  if (operator === '!=' || operator === '!~') return null;
  const variable = variableIn(value, context);
  if (variable !== null) return variable;
  if (/\$|\[\[/.test(value)) return null;
  if (operator === '=') return value === '' || value.length > 512 ? null : value;
  if (value === '.*') return '*';
  return /^[^.*+?()[\]{}|\\^$]+$/.test(value) && value.length <= 512 ? value : null;
}

/** Converts `$name`, `${name}`, `${name:regex}` and `[[name]]` to the variable's name here; null for any other text. */
function variableIn(text: string, { names }: QueryContext): string | null {
  const found = /^(?:\$(\w+)|\$\{(\w+)(?::\w+)?\}|\[\[(\w+)(?::\w+)?\]\])$/.exec(text);
  const name = names.get(found?.[1] ?? found?.[2] ?? found?.[3] ?? '');
  return name === undefined ? null : `$${name}`;
}

/** Replaces variables in a text by their names here: `$serviceName`, `${serviceName:csv}` and `[[serviceName]]` become `${servicename}`. */
export function withVariables(text: string, { names }: Pick<QueryContext, 'names'>): string {
  if (!/[$[]/.test(text)) return text;
  return text.replace(
    /\$(\w+)|\$\{(\w+)(?::\w+)?\}|\[\[(\w+)(?::\w+)?\]\]/g,
    (whole, plain?: string, braced?: string, squared?: string) => {
      const name = names.get(plain ?? braced ?? squared ?? '');
      return name === undefined ? whole : `\${${name}}`;
    },
  );
}

/** Returns a fixed legend; null if labels name the series anyway. */
function legendOf({ legendFormat }: Target, { where, losses }: QueryContext): string | null {
  const legend = legendFormat?.trim() ?? '';
  if (legend === '' || legend === '__auto' || /^\{\{\s*[\w.]+\s*\}\}$/.test(legend)) return null;
  if (/\{\{|\$|\[\[/.test(legend)) {
    losses.add(where, 'legend_labels', { legend });
    return null;
  }
  return fitting(legend, 120, where, 'legend', losses);
}
