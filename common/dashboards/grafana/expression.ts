import type { Aggregation } from '../../contract/signals.ts';
import { durationOf } from '../../time/exact-duration.ts';
import { fill, type LossCode, type LossParams, lossWords } from '../losses.ts';

export interface Matcher {
  label: string;
  operator: '=' | '!=' | '=~' | '!~';
  value: string;
}

/** The parts of a PromQL expression that have a counterpart. */
export interface ParsedExpression {
  /** The metric, or a variable of Grafana in its place (`$metric`). */
  name: string;
  matchers: Matcher[];
  /** The aggregation over time; null if the expression has none. */
  aggregation: Aggregation | null;
  /** The bucket width, ms; null when it follows the panel or was not given. */
  bucketMs: number | null;
  /** A range that is a variable (`$interval`), as it was written. */
  variableWidth?: string;
  /** Losses in the chart. */
  losses: { code: LossCode; params: LossParams }[];
}

/** Thrown when an expression has no counterpart; says why. */
export class NoCounterpart extends Error {
  readonly code: LossCode;
  readonly params: LossParams;

  constructor(code: LossCode, params: LossParams = {}) {
    super(fill(lossWords[code][1], params));
    this.code = code;
    this.params = params;
  }
}

const overTime = new Map<string, Aggregation>([
  ['avg_over_time', 'avg'],
  ['sum_over_time', 'sum'],
  ['min_over_time', 'min'],
  ['max_over_time', 'max'],
  ['count_over_time', 'count'],
  ['last_over_time', 'last'],
]);
const quantiles = new Map<string, Aggregation>([
  ['0.5', 'p50'],
  ['0.50', 'p50'],
  ['0.95', 'p95'],
  ['0.99', 'p99'],
]);
/**
 * Functions over several series and the aggregation over time that replaces them here, where each series is drawn separately. A sum of
 * series is not a sum over time, so it has none.
 */
const acrossSeries = new Map<string, Aggregation | null>([
  ['avg', 'avg'],
  ['sum', null],
  ['min', 'min'],
  ['max', 'max'],
]);
const someOfMany = new Set(['topk', 'bottomk', 'limitk']);
const onlyOrder = new Set(['sort', 'sort_desc']);

const tokenPattern =
  /\s+|#[^\n]*|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)|(?<name>(?:\$\{[^}]*\}|\$[A-Za-z_]\w*|\[\[\w+(?::\w+)?\]\]|[A-Za-z_:][\w:]*)+)|(?<number>\d[\w.]*)|(?<sign>=~|!~|!=|==|<=|>=|[-+*/%^<>={}()[\],@])/gy;

/** Reads an expression with one selector. @throws NoCounterpart for anything else: arithmetic, joins, rates, subqueries */
export function readExpression(text: string): ParsedExpression {
  const reader = new Reader(tokensOf(text));
  const question = reader.expression();
  reader.end();
  return question;
}

interface Token {
  kind: 'string' | 'name' | 'number' | 'sign';
  text: string;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null) throw new NoCounterpart('query_unreadable', { text: text.slice(at, at + 20) });
    const [kind, found] = Object.entries(match.groups ?? {}).find(([, group]) => group !== undefined) ?? [];
    if (found !== undefined) tokens.push({ kind: kind as Token['kind'], text: found });
  }
  return tokens;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  expression(): ParsedExpression {
    if (this.#skip('(')) {
      const inner = this.expression();
      this.end(')');
      this.#expect(')');
      return inner;
    }
    const [first, second] = [this.#tokens[this.#at], this.#tokens[this.#at + 1]];
    if (first === undefined) throw new NoCounterpart('query_empty');
    if (first.kind === 'number' || first.text === '-') throw new NoCounterpart('query_numbers');
    if (first.kind === 'name' && (second?.text === '(' || second?.text === 'by' || second?.text === 'without')) return this.#call();
    return this.#selector();
  }

  /** @throws NoCounterpart when more follows than `closing` */
  end(closing?: string): void {
    const next = this.#tokens[this.#at];
    if (next === undefined || next.text === closing) return;
    if (next.text === 'offset' || next.text === '@') throw new NoCounterpart('query_other_time');
    throw new NoCounterpart('query_several', { text: next.text });
  }

  #call(): ParsedExpression {
    const name = this.#take('name');
    const grouped = this.#grouping();
    this.#expect('(');
    const parameter = this.#tokens[this.#at]?.kind === 'number' ? this.#take('number') : null;
    if (parameter !== null) this.#expect(',');
    if (!this.#understands(name, parameter)) throw new NoCounterpart('query_function', { name });
    const inner = this.expression();
    this.end(')');
    this.#expect(')');
    const how = grouped || this.#grouping() ? `${name} by labels` : name;
    if (onlyOrder.has(name)) return inner;
    if (someOfMany.has(name)) return lose(inner, 'some_of_many', { name });
    const across = acrossSeries.get(name);
    if (across !== undefined) {
      return lose({ ...inner, aggregation: inner.aggregation ?? across }, 'across_series', { name: how });
    }
    return {
      ...inner,
      aggregation: name === 'quantile_over_time' ? (quantiles.get(parameter ?? '') ?? null) : (overTime.get(name) ?? null),
    };
  }

  #understands(name: string, parameter: string | null): boolean {
    if (name === 'quantile_over_time') return parameter !== null && quantiles.has(parameter);
    if (someOfMany.has(name)) return parameter !== null;
    return parameter === null && (overTime.has(name) || acrossSeries.has(name) || onlyOrder.has(name));
  }

  /** `by (…)` or `without (…)`. @returns whether there was one */
  #grouping(): boolean {
    const word = this.#tokens[this.#at]?.text;
    if (word !== 'by' && word !== 'without') return false;
    this.#at++;
    this.#expect('(');
    while (!this.#skip(')')) this.#next();
    return true;
  }

  #selector(): ParsedExpression {
    const first = this.#tokens[this.#at];
    let name = first?.kind === 'name' ? this.#take('name') : '';
    const matchers: Matcher[] = [];
    if (this.#skip('{')) {
      while (!this.#skip('}')) {
        const label = this.#take('name');
        const operator = this.#take('sign');
        const value = unquoted(this.#take('string'));
        if (operator !== '=' && operator !== '!=' && operator !== '=~' && operator !== '!~')
          throw new NoCounterpart('query_word', { text: operator });
        if (label === '__name__' && operator === '=') name = value;
        else matchers.push({ label, operator, value });
        this.#skip(',');
      }
    }
    if (name === '') throw new NoCounterpart('query_no_metric');
    return { name, matchers, aggregation: null, ...this.#range(), losses: [] };
  }

  #range(): Pick<ParsedExpression, 'bucketMs' | 'variableWidth'> {
    if (!this.#skip('[')) return { bucketMs: null };
    const token = this.#next();
    if (!this.#skip(']')) throw new NoCounterpart('query_subquery');
    if (token.kind === 'number') {
      const bucketMs = durationOf(token.text);
      if (bucketMs === null) throw new NoCounterpart('query_word', { text: token.text });
      return { bucketMs };
    }
    // Grafana's built-in intervals follow the chart's width, as automatic buckets do here.
    return /^\$\{?__/.test(token.text) ? { bucketMs: null } : { bucketMs: null, variableWidth: token.text };
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new NoCounterpart('query_ends');
    return token;
  }

  #take(kind: Token['kind']): string {
    const token = this.#next();
    if (token.kind !== kind) throw new NoCounterpart('query_word', { text: token.text });
    return token.text;
  }

  #skip(sign: string): boolean {
    if (this.#tokens[this.#at]?.text !== sign) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string): void {
    if (this.#skip(sign)) return;
    const found = this.#tokens[this.#at]?.text;
    throw found === undefined ? new NoCounterpart('query_ends') : new NoCounterpart('query_word', { text: found });
  }
}

function lose(question: ParsedExpression, code: LossCode, params: LossParams): ParsedExpression {
  return { ...question, losses: [...question.losses, { code, params }] };
}

function unquoted(text: string): string {
  const inner = text.slice(1, -1);
  return text.startsWith('`') ? inner : inner.replace(/\\(.)/g, '$1');
}
