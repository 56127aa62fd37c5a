import { durationOf } from '../../time/exact-duration.ts';
import { Refusal, type Span } from './refusal.ts';
import { type ExpressionDialect, type Token, textOf, tokensOf } from './tokens.ts';

export interface LabelMatcher extends Span {
  label: string;
  operator: '=' | '!=' | '=~' | '!~';
  value: string;
}

export interface Selector extends Span {
  kind: 'selector';
  metric: string;
  matchers: LabelMatcher[];
  /** The range in brackets, ms; null for the newest value. */
  rangeMs: number | null;
  /** How much earlier than the evaluation it looks, ms. */
  offsetMs: number;
}

export interface FunctionCall extends Span {
  kind: 'call';
  name: string;
  /** `by (…)` or `without (…)` of a function over several series; null if it has none. */
  grouping: { kind: 'by' | 'without'; labels: string[] } | null;
  arguments: Expression[];
}

export interface Binary extends Span {
  kind: 'binary';
  operator: string;
  left: Expression;
  right: Expression;
  /** `bool`: the comparison gives 0 or 1. */
  isBool: boolean;
  /** Whether it says by which labels both sides are matched: `on`, `ignoring`, `group_left`, `group_right`. */
  matching: string | null;
  /** The place of the operator. */
  at: Span;
}

/** An expression as it is written; what it means is not checked. */
export type Expression =
  | Selector
  | FunctionCall
  | Binary
  | (Span & { kind: 'number'; value: number })
  | (Span & { kind: 'text'; value: string })
  | (Span & { kind: 'sign'; sign: '-' | '+' | '!'; operand: Expression })
  /** `$A` in Grafana: the result of another query of the rule. */
  | (Span & { kind: 'reference'; name: string });

/** Functions over several series, whose names are read in any letter case. */
export const aggregators: readonly string[] = [
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'group',
  'stddev',
  'stdvar',
  'quantile',
  'topk',
  'bottomk',
  'count_values',
  'limitk',
  'limit_ratio',
];

/** Binding strength of operators, the weakest first. `^` binds from right to left. */
const levels: Readonly<Record<ExpressionDialect, Readonly<Record<string, number>>>> = {
  promql: {
    or: 1,
    and: 2,
    unless: 2,
    '==': 3,
    '!=': 3,
    '<': 3,
    '<=': 3,
    '>': 3,
    '>=': 3,
    '+': 4,
    '-': 4,
    '*': 5,
    '/': 5,
    '%': 5,
    atan2: 5,
    '^': 6,
  },
  math: { '||': 1, '&&': 2, '==': 3, '!=': 3, '<': 3, '<=': 3, '>': 3, '>=': 3, '+': 4, '-': 4, '*': 5, '/': 5, '%': 5, '**': 6 },
};
/** Operators of Grafana as PromQL writes them. */
const promqlOperator: Readonly<Record<string, string>> = { '||': 'or', '&&': 'and', '**': '^' };
const powerLevel = 6;
/** Maximum depth of nested parentheses, functions and signs. */
const maxDepth = 100;

/** Reads an expression. @param base place of the text in the one that spans refer to @throws Refusal where it isn't one */
export function readExpression(text: string, dialect: ExpressionDialect = 'promql', base = 0): Expression {
  return new Reader(tokensOf(text, dialect, base), dialect, base + text.length).whole();
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #dialect: ExpressionDialect;
  readonly #end: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], dialect: ExpressionDialect, end: number) {
    this.#tokens = tokens;
    this.#dialect = dialect;
    this.#end = end;
  }

  whole(): Expression {
    if (this.#tokens.length === 0) throw new Refusal('expression_empty');
    const expression = this.#binary(1);
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new Refusal('unreadable', { text: rest.text }, rest);
    return expression;
  }

  #binary(minLevel: number): Expression {
    this.#depth++;
    if (this.#depth > maxDepth) throw new Refusal('expression_deep', {}, this.#tokens[this.#at] ?? null);
    const expression = this.#operators(this.#suffixed(this.#primary()), minLevel);
    this.#depth--;
    return expression;
  }

  #operators(first: Expression, minLevel: number): Expression {
    let left = first;
    for (;;) {
      const token = this.#tokens[this.#at];
      const operator = token?.kind === 'name' ? token.text.toLowerCase() : (token?.text ?? '');
      const level = Object.hasOwn(levels[this.#dialect], operator) ? levels[this.#dialect][operator] : undefined;
      if (token === undefined || token.kind === 'string' || level === undefined || level < minLevel) return left;
      this.#at++;
      const { isBool, matching } = this.#modifiers();
      const right = this.#binary(level === powerLevel ? level : level + 1);
      const span = { from: left.from, to: right.to };
      left = {
        kind: 'binary',
        operator: promqlOperator[operator] ?? operator,
        left,
        right,
        isBool,
        matching,
        at: { from: token.from, to: token.to },
        ...span,
      };
    }
  }

  /** `bool`, `on (…)` and the like, behind an operator. */
  #modifiers(): Pick<Binary, 'isBool' | 'matching'> {
    const isBool = this.#skipWord('bool') !== null;
    let matching = this.#skipWord('on') ?? this.#skipWord('ignoring');
    if (matching !== null) {
      this.#names();
      const group = this.#skipWord('group_left') ?? this.#skipWord('group_right');
      if (group !== null && this.#isNext('(')) this.#names();
      matching = group ?? matching;
    }
    return { isBool, matching };
  }

  #primary(): Expression {
    const token = this.#next();
    const { kind, text, from, to } = token;
    if (kind === 'number') return { kind, value: Number(text), from, to };
    if (kind === 'string') return { kind: 'text', value: textOf(token), from, to };
    if (kind === 'reference') return { kind, name: text.replace(/^\$\{?|\}$/g, ''), from, to };
    if (kind === 'sign' && (text === '-' || text === '+' || text === '!')) {
      const operand = this.#binary(powerLevel);
      return { kind: 'sign', sign: text, operand, from, to: operand.to };
    }
    if (text === '(') {
      const inner = this.#binary(1);
      const end = this.#expect(')');
      return { ...inner, from, to: end.to };
    }
    if (text === '{') return this.#selector('', from);
    if (kind !== 'name') throw new Refusal('unreadable', { text }, token);
    return this.#named(token);
  }

  /** A function, a number such as `Inf`, or a metric. */
  #named({ text, from, to }: Token): Expression {
    const lower = text.toLowerCase();
    if (this.#isNext('(') || (aggregators.includes(lower) && (this.#isWord('by') || this.#isWord('without'))))
      return this.#call(text, from);
    if (lower === 'inf') return { kind: 'number', value: Number.POSITIVE_INFINITY, from, to };
    if (lower === 'nan') return { kind: 'number', value: Number.NaN, from, to };
    if (this.#dialect === 'math') throw new Refusal('unreadable', { text }, { from, to });
    if (!this.#skip('{')) return { kind: 'selector', metric: text, matchers: [], rangeMs: null, offsetMs: 0, from, to };
    return this.#selector(text, from);
  }

  #call(written: string, from: number): FunctionCall {
    const name = aggregators.includes(written.toLowerCase()) ? written.toLowerCase() : written;
    let grouping = this.#grouping();
    this.#expect('(');
    const given: Expression[] = [];
    while (!this.#isNext(')')) {
      given.push(this.#binary(1));
      if (!this.#skip(',')) break;
    }
    let { to } = this.#expect(')');
    if (grouping === null && aggregators.includes(name)) {
      grouping = this.#grouping();
      if (grouping !== null) to = this.#tokens[this.#at - 1]?.to ?? to;
    }
    return { kind: 'call', name, grouping, arguments: given, from, to };
  }

  #grouping(): FunctionCall['grouping'] {
    const kind = this.#skipWord('by') ?? this.#skipWord('without');
    return kind === null ? null : { kind: kind as 'by' | 'without', labels: this.#names() };
  }

  /** Label names in parentheses. */
  #names(): string[] {
    this.#expect('(');
    const names: string[] = [];
    while (!this.#isNext(')')) {
      names.push(this.#labelName());
      if (!this.#skip(',')) break;
    }
    this.#expect(')');
    return names;
  }

  #labelName(): string {
    const token = this.#next();
    if (token.kind !== 'name' && token.kind !== 'string') throw new Refusal('unreadable', { text: token.text }, token);
    return token.kind === 'string' ? textOf(token) : token.text;
  }

  /** The rest of a selector, behind its `{`. */
  #selector(name: string, from: number): Selector {
    let metric = name;
    const matchers: LabelMatcher[] = [];
    while (!this.#isNext('}')) {
      const start = this.#tokens[this.#at];
      const label = this.#labelName();
      if (start?.kind === 'string' && (this.#isNext(',') || this.#isNext('}'))) metric = this.#metric(metric, label, start);
      else {
        const operator = this.#next();
        const value = this.#next();
        const span = { from: start?.from ?? from, to: value.to };
        if (!isMatcher(operator.text)) throw new Refusal('unreadable', { text: operator.text }, operator);
        if (value.kind !== 'string') throw new Refusal('unreadable', { text: value.text }, value);
        if (label === '__name__' && operator.text === '=') metric = this.#metric(metric, textOf(value), span);
        else matchers.push({ label, operator: operator.text, value: textOf(value), ...span });
      }
      if (!this.#skip(',')) break;
    }
    const { to } = this.#expect('}');
    return { kind: 'selector', metric, matchers, rangeMs: null, offsetMs: 0, from, to };
  }

  #metric(before: string, name: string, span: Span): string {
    if (before !== '') throw new Refusal('metric_twice', { name }, span);
    return name;
  }

  /** A range in brackets, `offset` and `@`, behind what they apply to. */
  #suffixed(first: Expression): Expression {
    let expression = first;
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token?.text === '[' && token.kind === 'sign') expression = this.#ranged(expression, token);
      else if (token?.text === '@') throw new Refusal('at_time', {}, token);
      else if (this.#isWord('offset')) {
        this.#at++;
        const sign = this.#skip('-');
        const ms = this.#duration();
        if (expression.kind !== 'selector' || sign || expression.offsetMs !== 0)
          throw new Refusal(sign ? 'offset_future' : 'unreadable', { text: 'offset' }, token ?? null);
        expression = { ...expression, offsetMs: ms, to: this.#tokens[this.#at - 1]?.to ?? expression.to };
      } else return expression;
    }
  }

  #ranged(expression: Expression, bracket: Token): Selector {
    this.#at++;
    const rangeMs = this.#duration();
    if (!this.#isNext(']') || expression.kind !== 'selector') {
      while (!this.#isNext(']')) this.#next();
      throw new Refusal('subquery', {}, { from: bracket.from, to: this.#expect(']').to });
    }
    if (expression.rangeMs !== null || expression.offsetMs !== 0) throw new Refusal('unreadable', { text: '[' }, bracket);
    return { ...expression, rangeMs, to: this.#expect(']').to };
  }

  /** A duration, or a number of seconds. */
  #duration(): number {
    const token = this.#next();
    const ms = token.kind === 'number' ? Number(token.text) * 1_000 : token.kind === 'duration' ? durationOf(token.text) : null;
    if (ms === null || !Number.isSafeInteger(ms)) throw new Refusal('unreadable', { text: token.text }, token);
    return ms;
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Refusal('expression_ends', {}, { from: this.#end, to: this.#end });
    return token;
  }

  #isNext(sign: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'sign' && token.text === sign;
  }

  #skip(sign: string): boolean {
    if (!this.#isNext(sign)) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string): Token {
    const token = this.#next();
    if (token.kind !== 'sign' || token.text !== sign) throw new Refusal('unreadable', { text: token.text }, token);
    return token;
  }

  #isWord(word: string): boolean {
    const token = this.#tokens[this.#at];
    return this.#dialect === 'promql' && token?.kind === 'name' && token.text.toLowerCase() === word;
  }

  #skipWord(word: string): string | null {
    if (!this.#isWord(word)) return null;
    this.#at++;
    return word;
  }
}

const isMatcher = (text: string): text is LabelMatcher['operator'] => text === '=' || text === '!=' || text === '=~' || text === '!~';
