import { formatSetDuration } from '#common/format.ts';
import type { BesideQuery, SelectorTemplate } from '../../contract/charts.ts';
import { selectorTemplate } from '../../contract/charts.ts';
import type { Aggregation } from '../../contract/signals.ts';
import { type Matcher, NoCounterpart, readExpression } from './expression.ts';
import { fitting, type Losses } from './losses.ts';
import type { GrafanaDashboard, GrafanaPanel, Target } from './model.ts';

const mostBeside = 20;

export interface ImportedQueries {
  /** At least one. */
  queries: BesideQuery[];
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
 * The panel's questions that have a counterpart; what is lost of them, and those without one, are told to the losses.
 * @param fallback aggregation where an expression leaves it open
 * @returns null when none has
 */
export function importQueries(panel: GrafanaPanel, fallback: Aggregation, context: QueryContext): ImportedQueries | null {
  const { where, losses } = context;
  const queries: BesideQuery[] = [];
  const widths = new Set<number>();
  for (const target of panel.targets ?? []) {
    const what = target.expr?.trim() || `query ${target.refId ?? ''}`.trim();
    if (target.hide) losses.add(where, what, 'It is hidden in Grafana and left out here.');
    else if (foreignSource(panel, target, context))
      losses.add(where, what, `Its data source (${foreignSource(panel, target, context)}) is not Prometheus.`);
    else if (queries.length > mostBeside) losses.add(where, what, `A chart draws at most ${mostBeside + 1} queries.`);
    else {
      const found = importTarget(target, fallback, what, context);
      if (found === null) continue;
      queries.push(found.query);
      if (found.bucketMs !== null) widths.add(found.bucketMs);
    }
  }
  if (queries.length === 0) return null;
  if (widths.size > 1)
    losses.add(where, [...widths].map((ms) => formatSetDuration(ms)).join(', '), 'A chart has one bucket width; it follows the picture.');
  const [only = null] = widths.size === 1 ? widths : [];
  return {
    queries: queries.map((query, i) => named(query, i, where, losses)),
    bucketMs: only !== null && only <= 86_400_000 && only >= 1 ? only : null,
  };
}

/** The first query has the chart's own place, which carries no name. */
function named({ name, ...query }: BesideQuery, i: number, where: string, losses: Losses): BesideQuery {
  if (name === undefined) return query;
  if (i > 0) return { ...query, name };
  losses.add(where, `legend “${name}”`, 'The first line is named by its labels.');
  return query;
}

/** The type of the data source when it is none that asks in PromQL; null when it is or nothing is said. */
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
): { query: BesideQuery; bucketMs: number | null } | null {
  const { where, losses } = context;
  try {
    const question = readExpression(target.expr ?? '');
    const selector = importSelector(question.name, question.matchers, what, context);
    for (const why of question.losses) losses.add(where, what, why);
    const name = legendOf(target, context);
    const query = { selector, aggregation: question.aggregation ?? fallback, ...(name === null ? {} : { name }) };
    return { query, bucketMs: question.aggregation === null ? null : question.bucketMs };
  } catch (error) {
    if (!(error instanceof NoCounterpart)) throw error;
    losses.add(where, what, error.message);
    return null;
  }
}

/** @throws NoCounterpart when the metric's name cannot be one here */
function importSelector(metric: string, matchers: readonly Matcher[], what: string, context: QueryContext): SelectorTemplate {
  const { where, losses } = context;
  const labels: Record<string, string> = {};
  for (const matcher of matchers) {
    const value = matchedValue(matcher, context);
    if (value === null) {
      const said = `${matcher.label}${matcher.operator}"${matcher.value}"`;
      losses.add(where, what, `${said} is not applied: labels are compared exactly, with a text or a variable. More series are drawn.`);
    } else if (value !== '*') labels[matcher.label] = value;
  }
  const variable = variableIn(metric, context);
  const checked = selectorTemplate.safeParse({ from: 'metric', name: variable ?? metric, labels });
  if (checked.success) return checked.data;
  throw new NoCounterpart(`“${metric}” cannot be the name of a metric here: letters, digits and “_”.`);
}

/** The text or variable a label must equal, `*` for any; null when there is no counterpart. */
function matchedValue({ operator, value }: Matcher, context: QueryContext): string | null {
  if (operator === '!=' || operator === '!~') return null;
  const variable = variableIn(value, context);
  if (variable !== null) return variable;
  if (/\$|\[\[/.test(value)) return null;
  if (operator === '=') return value === '' || value.length > 512 ? null : value;
  if (value === '.*') return '*';
  return /^[^.*+?()[\]{}|\\^$]+$/.test(value) && value.length <= 512 ? value : null;
}

/** `$name`, `${name}`, `${name:regex}` and `[[name]]` as the variable here; null when the text is something else, or more. */
function variableIn(text: string, { names }: QueryContext): string | null {
  const found = /^(?:\$(\w+)|\$\{(\w+)(?::\w+)?\}|\[\[(\w+)(?::\w+)?\]\])$/.exec(text);
  const name = names.get(found?.[1] ?? found?.[2] ?? found?.[3] ?? '');
  return name === undefined ? null : `$${name}`;
}

/** A fixed legend; null where labels name the lines anyway. */
function legendOf({ legendFormat }: Target, { where, losses }: QueryContext): string | null {
  const legend = legendFormat?.trim() ?? '';
  if (legend === '' || legend === '__auto' || /^\{\{\s*[\w.]+\s*\}\}$/.test(legend)) return null;
  if (/\{\{|\$|\[\[/.test(legend)) {
    losses.add(where, `legend “${legend}”`, 'Lines are named by their labels or by a fixed text.');
    return null;
  }
  return fitting(legend, 120, where, `legend “${legend}”`, losses);
}
