import type { ImportNote } from './refusal.ts';

/** What the values in a text stand for. */
export interface TextMeaning {
  /** Whether `$value` is the value of the alert here. */
  isValue: boolean;
  /** In Grafana: the queries whose value (`$values.A`) is that of the alert. */
  valueRefs: readonly string[];
}

interface Piece {
  /** `value` or `labels.NAME`, followed by filters. */
  text: string;
  isNumber: boolean;
  before: string;
  after: string;
}

const word = /"(?:[^"\\]|\\.)*"|`[^`]*`|[^\s"`|]+/g;

/**
 * Translates the templates of a Prometheus or Grafana text into ours. What has no counterpart stays readable, in square brackets, and is
 * listed.
 * @param field name of the text, for notes
 */
export function translateText(source: string, field: string, meaning: TextMeaning): { text: string; notes: ImportNote[] } {
  const notes: ImportNote[] = [];
  let last = 0;
  let text = '';
  for (const match of source.matchAll(/\{\{(-?)([\s\S]*?)(-?)\}\}/g)) {
    const [whole, trimBefore = '', body = '', trimAfter = ''] = match;
    text += plain(source.slice(last, match.index));
    last = match.index + whole.length;
    const code = body.trim();
    if (code.startsWith('/*')) continue;
    const piece = translate(code, meaning);
    if (piece === null) {
      notes.push({ code: 'template_left', params: { field, text: code } });
      text += `[${plain(code)}]`;
      continue;
    }
    if (piece.isNumber && !meaning.isValue) notes.push({ code: 'value_current', params: { field } });
    const before = `${text}${piece.before}`;
    text = `${before}${before.endsWith('{') ? ' ' : ''}{{${trimBefore} ${piece.text} ${trimAfter}}}${piece.after}`;
  }
  const rest = source.slice(last);
  const unclosed = rest.indexOf('{{');
  if (unclosed !== -1) notes.push({ code: 'template_left', params: { field, text: rest.slice(unclosed).trim() } });
  return { text: text + plain(rest), notes };
}

/** Separates braces that would begin a template here. */
const plain = (text: string): string => text.replace(/\{(?=[{%])/g, '{ ');

function translate(code: string, meaning: TextMeaning): Piece | null {
  const [first = [], ...stages] = code.split('|').map((stage) => stage.match(word) ?? []);
  const start = operandOf(first, meaning) ?? applied(first, meaning);
  return stages.reduce<Piece | null>((piece, stage) => (piece === null ? null : applyFunction(piece, stage)), start);
}

/** `humanize $value`: a function before its operand. */
function applied(words: readonly string[], meaning: TextMeaning): Piece | null {
  for (let i = 1; i < words.length; i++) {
    const operand = operandOf(words.slice(i), meaning);
    if (operand !== null) return applyFunction(operand, words.slice(0, i));
  }
  return null;
}

function operandOf(words: readonly string[], { valueRefs }: TextMeaning): Piece | null {
  const text = words.join(' ');
  const piece = (written: string, isNumber: boolean): Piece => ({ text: written, isNumber, before: '', after: '' });
  if (text === '$value' || text === '.Value') return piece('value', true);
  const ref = /^(?:\$values|\.Values)\.(\w+)(?:\.Value)?$/.exec(text)?.[1];
  if (ref !== undefined && valueRefs.includes(ref)) return piece('value', true);
  const label = /^(?:\$labels|\.Labels)\.([A-Za-z_]\w*)$/.exec(text)?.[1] ?? /^index \$labels "([A-Za-z_]\w*)"$/.exec(text)?.[1];
  return label === undefined ? null : piece(`labels.${label}`, false);
}

/** Filters for the functions of templates that mean the same. */
const numberFilters: Readonly<Record<string, string>> = {
  humanize: '',
  humanize1024: '',
  humanizeDuration: ' | duration: "s"',
  humanizePercentage: ' | times: 100 | unit: "%"',
  humanizeTimestamp: ' | times: 1000 | time',
};
const textFilters: Readonly<Record<string, string>> = { toUpper: ' | upcase', toLower: ' | downcase' };

function applyFunction(piece: Piece, [name = '', argument, ...more]: readonly string[]): Piece | null {
  if (more.length > 0) return null;
  if (name === 'printf' && argument !== undefined) return applyFormat(piece, argument);
  const filters = piece.isNumber ? numberFilters : textFilters;
  const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
  // A number that a function has written is text for the next one.
  const isFresh = !piece.text.includes('|') && piece.before === '' && piece.after === '';
  return filter === undefined || argument !== undefined || !isFresh ? null : { ...piece, text: `${piece.text}${filter}` };
}

/** `printf "%.2f%%"`. */
function applyFormat(piece: Piece, quoted: string): Piece | null {
  const format = /^"((?:[^"\\%{}]|%%)*)%(?:\.(\d))?([fgvs])((?:[^"\\%{}]|%%)*)"$/.exec(quoted);
  if (format === null) return null;
  const [, before = '', digits, verb, after = ''] = format;
  const isWritten = piece.text.includes('|') || !piece.isNumber;
  const isText = verb === 's' || verb === 'v';
  if (isWritten ? !isText || digits !== undefined : verb === 's' || (digits !== undefined && verb !== 'f')) return null;
  const filter = verb === 'f' ? ` | round: ${digits ?? '6'}` : '';
  const unescaped = (text: string) => text.replaceAll('%%', '%');
  return { ...piece, text: `${piece.text}${filter}`, before: unescaped(before) + piece.before, after: piece.after + unescaped(after) };
}
