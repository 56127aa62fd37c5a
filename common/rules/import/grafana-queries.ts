import { secondMs } from '../../time/durations.ts';
import { type Expression, readExpression } from './expression.ts';
import { type ForeignFields, groupIn, isGroup, listIn } from './fields.ts';
import { compareWith, join, whereNotZero, whereQueryNotZero } from './grafana-evaluator.ts';
import { type ImportNote, Refusal, type Span } from './refusal.ts';

/** The condition of a Grafana rule as one expression. */
export interface GrafanaCondition {
  expression: Expression;
  /** How long before the evaluation the queries end, ms. */
  delayMs: number;
  /** The queries whose value is compared. */
  valueRefs: string[];
  /** The evaluator of a custom recovery threshold. */
  recovery: ForeignFields | null;
  notes: ImportNote[];
}

/** One query or expression of a rule, and its line in the text that is shown. */
interface Entry {
  refId: string;
  fields: ForeignFields;
  model: ForeignFields;
  /** What is written behind its name. */
  written: string;
  span: Span;
}

/** What a query gives: one value for each series, or a range of values of which one has to be made. */
interface Result {
  expression: Expression;
  /** Length of the range, ms; null for one value. */
  rangeMs: number | null;
}

/** Maximum number of expressions that refer to each other in a row. */
const maxDepth = 20;

/** Functions that make one value of a range, as functions over a window. Sums and counts depend on how often Grafana samples. */
const reducers: Readonly<Record<string, string>> = {
  last: 'last_over_time',
  mean: 'avg_over_time',
  avg: 'avg_over_time',
  min: 'min_over_time',
  max: 'max_over_time',
};

/** The queries and expressions of a Grafana rule. */
export class GrafanaQueries {
  /** All of them, one to a line, to which the spans of refusals refer. */
  readonly text: string;
  readonly #entries = new Map<string, Entry>();
  readonly #notes: ImportNote[] = [];
  readonly #valueRefs = new Set<string>();
  readonly #delays = new Set<number>();
  #recovery: ForeignFields | null = null;

  constructor(rule: ForeignFields) {
    const lines: string[] = [];
    let at = 0;
    for (const fields of listIn(rule, 'data').filter(isGroup)) {
      const refId = String(fields['refId'] ?? '');
      const model = groupIn(fields, 'model');
      const written = describe(model);
      const from = at + refId.length + 2;
      this.#entries.set(refId, { refId, fields, model, written, span: { from, to: from + written.length } });
      lines.push(`${refId}: ${written}`);
      at = from + written.length + 1;
    }
    this.text = lines.join('\n');
  }

  /** @throws Refusal if it has no counterpart */
  condition(refId: string): GrafanaCondition {
    const entry = this.#entries.get(refId);
    if (entry === undefined) throw new Refusal('reference_unknown', { name: refId });
    const { expression, rangeMs } = this.#resolve(refId, entry.span, 0);
    if (rangeMs !== null) throw new Refusal('reduce_missing', { name: refId }, entry.span);
    const [delayMs = 0, ...others] = this.#delays;
    if (others.length > 0) throw new Refusal('offsets_differ');
    return {
      expression: isQuery(entry) ? whereQueryNotZero(expression) : whereNotZero(expression),
      delayMs,
      valueRefs: [...this.#valueRefs],
      recovery: this.#recovery,
      notes: this.#notes,
    };
  }

  #resolve(refId: string, from: Span, depth: number): Result {
    const entry = this.#entries.get(refId);
    if (entry === undefined || depth > maxDepth) throw new Refusal('reference_unknown', { name: refId }, from);
    if (isQuery(entry)) return this.#query(entry);
    const type = String(entry.model['type'] ?? '');
    if (type === 'reduce') return this.#reduce(entry, depth);
    if (type === 'threshold') return this.#threshold(entry, depth);
    if (type === 'math') return this.#math(entry, depth);
    if (type === 'classic_conditions') return this.#classic(entry, depth);
    throw new Refusal('grafana_node', { type }, entry.span);
  }

  #query({ refId, fields, model, written, span }: Entry): Result {
    const source = groupIn(model, 'datasource')['type'];
    if (typeof source === 'string' && !/prometheus|mimir|thanos|cortex|victoriametrics/i.test(source))
      throw new Refusal('grafana_source', { source }, span);
    if (typeof model['expr'] !== 'string')
      throw new Refusal('grafana_source', { source: String(source ?? fields['datasourceUid'] ?? '') }, span);
    const range = groupIn(fields, 'relativeTimeRange');
    const [start, end] = [Number(range['from'] ?? 0) * secondMs, Number(range['to'] ?? 0) * secondMs];
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || end < 0 || start < end)
      throw new Refusal('field_value', { field: 'relativeTimeRange', value: JSON.stringify(range) });
    this.#delays.add(end);
    this.#valueRefs.add(refId);
    const isRange = model['range'] === true || model['instant'] !== true;
    return { expression: readExpression(written, 'promql', span.from), rangeMs: isRange ? start - end : null };
  }

  #reduce({ refId, model, span }: Entry, depth: number): Result {
    const settings = groupIn(model, 'settings');
    if (settings['mode'] === 'replaceNN') throw new Refusal('reduce_replaces', {}, span);
    const inner = this.#resolve(inputOf(model), span, depth + 1);
    this.#valueRefs.add(refId);
    return this.#reduced(inner, String(model['reducer'] ?? ''), span);
  }

  #reduced({ expression, rangeMs }: Result, reducer: string, span: Span): Result {
    // One value stays what it is.
    if (rangeMs === null) return { expression, rangeMs };
    const name = Object.hasOwn(reducers, reducer) ? reducers[reducer] : undefined;
    if (name === undefined) throw new Refusal('reduce_function', { name: reducer }, span);
    this.#notes.push({ code: 'range_sampled', params: {} });
    if (expression.kind === 'selector' && expression.rangeMs === null)
      return { expression: call(name, { ...expression, rangeMs }), rangeMs: null };
    if (reducer !== 'last') throw new Refusal('reduce_nested', { name: reducer }, span);
    return { expression, rangeMs: null };
  }

  #threshold({ model, span }: Entry, depth: number): Result {
    const { expression, rangeMs } = this.#resolve(inputOf(model), span, depth + 1);
    if (rangeMs !== null) throw new Refusal('reduce_missing', { name: inputOf(model) }, span);
    const condition = listIn(model, 'conditions').find(isGroup) ?? {};
    if (isGroup(condition['unloadEvaluator'])) this.#recovery = condition['unloadEvaluator'];
    return { expression: compareWith(expression, condition, span), rangeMs: null };
  }

  #math({ model, span }: Entry, depth: number): Result {
    const text = typeof model['expression'] === 'string' ? model['expression'] : '';
    return { expression: this.#filled(readExpression(text, 'math', span.from), depth), rangeMs: null };
  }

  /** Replaces references by what they refer to. */
  #filled(expression: Expression, depth: number): Expression {
    switch (expression.kind) {
      case 'reference': {
        const { expression: found, rangeMs } = this.#resolve(expression.name, expression, depth + 1);
        if (rangeMs !== null) throw new Refusal('reduce_missing', { name: expression.name }, expression);
        return found;
      }
      case 'binary':
        return { ...expression, left: this.#filled(expression.left, depth), right: this.#filled(expression.right, depth) };
      case 'sign':
        return { ...expression, operand: this.#filled(expression.operand, depth) };
      case 'call':
        throw new Refusal('function', { name: expression.name }, expression);
      default:
        return expression;
    }
  }

  /** Conditions of the older kind give one alert for all series; joined by “or”, each series is on its own all the same. */
  #classic({ model, span }: Entry, depth: number): Result {
    const conditions = listIn(model, 'conditions').filter(isGroup);
    const parts = conditions.map((condition, i) => {
      const joined = String(groupIn(condition, 'operator')['type'] ?? 'and');
      if (i > 0 && joined !== 'or') throw new Refusal('classic_and', {}, span);
      const [refId] = listIn(groupIn(condition, 'query'), 'params');
      const inner = this.#resolve(String(refId ?? ''), span, depth + 1);
      const { expression } = this.#reduced(inner, String(groupIn(condition, 'reducer')['type'] ?? ''), span);
      return compareWith(expression, condition, span);
    });
    const [first, ...others] = parts;
    if (first === undefined) throw new Refusal('field_missing', { field: 'conditions' }, span);
    this.#notes.push({ code: 'classic_one', params: {} });
    return { expression: others.reduce((left, right) => join('or', left, right, span), first), rangeMs: null };
  }
}

/** Returns what the person wrote, for a query its expression. */
function describe(model: ForeignFields): string {
  if (typeof model['expr'] === 'string') return model['expr'];
  const type = String(model['type'] ?? '');
  const input = typeof model['expression'] === 'string' ? model['expression'] : '';
  if (type === 'math') return input;
  return [type, model['reducer'], input].filter((part) => typeof part === 'string' && part !== '').join(' ');
}

const isQuery = ({ fields, model }: Entry): boolean => {
  const uid = fields['datasourceUid'];
  return uid !== '__expr__' && uid !== '-100' && groupIn(model, 'datasource')['type'] !== '__expr__';
};

const inputOf = (model: ForeignFields): string => String(model['expression'] ?? '').replace(/^\$\{?|\}$/g, '');

const call = (name: string, argument: Expression): Expression => ({
  kind: 'call',
  name,
  grouping: null,
  arguments: [argument],
  from: argument.from,
  to: argument.to,
});
