import { Refusal, type Span } from './refusal.ts';

/** `reference`: `$A`, the result of another query of a Grafana rule. */
export interface Token extends Span {
  kind: 'name' | 'string' | 'number' | 'duration' | 'sign' | 'reference';
  text: string;
}

/** How an expression is written: PromQL, or the mathematics of Grafana's expressions, which spells operators differently. */
export type ExpressionDialect = 'promql' | 'math';

const common =
  /\s+|#[^\n]*|(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)|(?<duration>(?:\d+(?:ms|[smhdwy]))+(?![\w.]))|(?<number>0[xX][0-9a-fA-F]+(?![\w.])|(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))/;
const patterns: Readonly<Record<ExpressionDialect, RegExp>> = {
  promql: new RegExp(`${common.source}|(?<name>[A-Za-z_:][\\w:]*)|(?<sign>=~|!~|!=|==|<=|>=|[-+*/%^<>={}()[\\],@:])`, 'gy'),
  math: new RegExp(
    `${common.source}|(?<reference>\\$\\{[^}]*\\}|\\$[A-Za-z_]\\w*)|(?<name>[A-Za-z_]\\w*)|(?<sign>&&|\\|\\||\\*\\*|!=|==|<=|>=|[-+*/%<>!(),])`,
    'gy',
  ),
};

/** Maximum length of an expression, characters. */
const maxLength = 5_000;
/** Number of characters that a message shows of something that can't be read. */
const shownLength = 20;

/** @param base place of the text in the one that spans refer to @throws Refusal at the first character that can't be read */
export function tokensOf(text: string, dialect: ExpressionDialect, base: number): Token[] {
  if (text.length > maxLength) throw new Refusal('expression_long', { max: maxLength });
  const pattern = new RegExp(patterns[dialect]);
  const tokens: Token[] = [];
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      const to = Math.min(text.length, from + shownLength);
      throw new Refusal('unreadable', { text: text.slice(from, to) }, { from: base + from, to: base + to });
    }
    const [kind, found] = Object.entries(match.groups ?? {}).find(([, group]) => group !== undefined) ?? [];
    if (found !== undefined) tokens.push({ kind: kind as Token['kind'], text: found, from: base + from, to: base + from + found.length });
  }
  return tokens;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** Returns the text of a string token, which has the escapes of Go. @throws Refusal if one of them is unknown */
export function textOf({ text, from, to }: Token): string {
  const inner = text.slice(1, -1);
  if (text.startsWith('`')) return inner;
  return inner.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]))/g,
    (_, hex?: string, short?: string, long?: string, octal?: string, simple?: string) => {
      const point = hex ?? short ?? long;
      const known = simple === undefined ? undefined : simpleEscapes[simple];
      if (known !== undefined) return known;
      const value = point === undefined ? Number.parseInt(octal ?? 'none', 8) : Number.parseInt(point, 16);
      if (!(value <= 0x10ffff)) throw new Refusal('unreadable', { text }, { from, to });
      return String.fromCodePoint(value);
    },
  );
}
