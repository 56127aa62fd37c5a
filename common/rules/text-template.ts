import { type Context, Drop, Liquid, LiquidError, type Template } from 'liquidjs';
import { formatDuration, formatNumber, formatValue } from '../format.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../time/durations.ts';
import { wallOf } from '../time/zone.ts';

/** Maximum length of a template, characters. */
const maxTemplateLength = 2_000;
/** Maximum length of a filled-in text, characters; what is longer is cut. */
const maxTextLength = 4_000;
/** Time limit of one text, ms. It is a second line of defence: without loops, the time grows with the length of the template only. */
const renderLimitMs = 200;
/** Parsed templates that are kept, because the same rule fills in its texts again and again. */
const maxCached = 1_000;

/** What a template may write about an alert. */
export interface TextScope {
  labels: Readonly<Record<string, string>>;
  /** In the chart's unit; null without data. */
  value: number | null;
  threshold: number | null;
  severity: string;
  /** Epoch ms. */
  startedAt: number;
  /** Zone in which times are written. */
  timeZone: string;
  rule: { name: string; code: string };
  /** Null if the chart can't be read. */
  chart: { title: string; unit: string } | null;
}

interface MistakeDetails {
  /** What doesn't exist, or else how the text is written. */
  reason: 'variable' | 'filter' | 'tag' | 'syntax';
  /** The name that the template gives to it; empty with `syntax`. */
  of: string;
  line: number;
  column: number;
  hint: string;
  cause?: unknown;
}

/** A template that can't be filled in: where, why, and how to mend it. Lines and columns count from 1. */
export class TextTemplateError extends Error {
  readonly reason: MistakeDetails['reason'];
  readonly of: string;
  readonly line: number;
  readonly column: number;
  readonly hint: string;

  constructor(message: string, { reason, of, line, column, hint, cause }: MistakeDetails) {
    super(message, { cause });
    this.name = 'TextTemplateError';
    this.reason = reason;
    this.of = of;
    this.line = line;
    this.column = column;
    this.hint = hint;
  }
}

/** Something that an alert doesn't have: it reads as such, is false in `if`, and is replaced by `default`. */
class Missing extends Drop {
  readonly #what: string;

  constructor(what: string) {
    super();
    this.#what = what;
  }

  override valueOf(): undefined {
    return undefined;
  }

  override toString(): string {
    return `(no ${this.#what})`;
  }
}

/** A time, which is written in the rule's zone and compared as epoch ms. */
class Instant extends Drop {
  readonly #at: number;
  readonly #zone: string;

  constructor(at: number, zone: string) {
    super();
    this.#at = at;
    this.#zone = zone;
  }

  override valueOf(): number {
    return this.#at;
  }

  override toString(): string {
    return `${new Date(wallOf(this.#at, this.#zone)).toISOString().slice(0, 16).replace('T', ' ')} ${this.#zone}`;
  }
}

/** Variables of a template, with the names behind their dot: those listed, any (`*`), or none. */
const variables: Readonly<Record<string, readonly string[] | '*'>> = {
  labels: '*',
  value: [],
  threshold: [],
  severity: [],
  startedAt: [],
  rule: ['name', 'code'],
  chart: ['title', 'unit'],
};
const variableNames = 'labels.NAME, value, threshold, severity, startedAt, rule.name, rule.code, chart.title and chart.unit';

const unitOf = (context: Context): string => String((context.environments as { chart: { unit: unknown } }).chart.unit);
const zoneOf = (context: Context): string => String((context.environments as { timeZone: unknown }).timeZone);
const durationUnitMs: Readonly<Record<string, number>> = { ms: 1, s: secondMs, min: minuteMs, h: hourMs, d: dayMs };

/** Applies `work` to a number; anything else stays what it is. */
const onNumber = (value: unknown, work: (value: number) => unknown): unknown => {
  const number = value instanceof Drop ? value.valueOf() : value;
  return typeof number === 'number' ? work(number) : value;
};
const calculate = (work: (a: number, b: number) => number) => (value: unknown, by: unknown) =>
  onNumber(value, (a) => onNumber(by, (b) => work(a, b)));

/** All filters there are. None of them can make a text much longer, or take long. */
const filters: Readonly<Record<string, (this: { context: Context }, value: unknown, argument?: unknown) => unknown>> = {
  unit(value, unit) {
    return onNumber(value, (number) => formatValue(number, typeof unit === 'string' ? unit : unitOf(this.context)));
  },
  duration(value, unit) {
    const ms = durationUnitMs[typeof unit === 'string' ? unit : unitOf(this.context)] ?? secondMs;
    return onNumber(value, (number) => formatDuration(number * ms));
  },
  time(value, zone) {
    return onNumber(value, (at) => new Instant(at, typeof zone === 'string' ? zone : zoneOf(this.context)));
  },
  round: (value, decimals) => {
    const factor = 10 ** Math.min(12, Math.max(0, Number(decimals ?? 0)));
    return onNumber(value, (number) => Math.round(number * factor) / factor);
  },
  plus: calculate((a, b) => a + b),
  minus: calculate((a, b) => a - b),
  times: calculate((a, b) => a * b),
  divided_by: calculate((a, b) => a / b),
  upcase: (value) => (typeof value === 'string' ? value.toUpperCase() : value),
  downcase: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  default: (value, other) => (value instanceof Missing || value === null || value === undefined || value === '' ? other : value),
};
const tags = ['if', 'unless', 'case'];

/**
 * Liquid without what a text doesn't need and what could harm: files, includes, loops, assignments and the library's own filters, several
 * of which (`replace`, `date`) can take any amount of time and memory.
 */
const liquid = restrict(
  new Liquid({
    templates: {},
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    relativeReference: false,
    dynamicPartials: false,
    parseLimit: maxTemplateLength,
    renderLimit: renderLimitMs,
    memoryLimit: 10_000,
    outputEscape: (value) => {
      if (typeof value === 'number') return formatNumber(value);
      return typeof value === 'string' ? value : String(value ?? '');
    },
  }),
);

function restrict(engine: Liquid): Liquid {
  for (const name of Object.keys(engine.tags)) if (!tags.includes(name)) delete engine.tags[name];
  for (const name of Object.keys(engine.filters)) delete engine.filters[name];
  for (const [name, filter] of Object.entries(filters)) engine.registerFilter(name, filter);
  return engine;
}

interface Parsed {
  templates: Template[];
  /** Names of the labels that it writes. */
  labels: string[];
}
const parsed = new Map<string, Parsed>();

/** Checks a template by filling it in for an alert without labels. @throws TextTemplateError */
export function checkTemplate(source: string): void {
  if (!isTemplate(source)) return;
  try {
    fillIn(source, sample);
  } catch (error) {
    throw error instanceof TextTemplateError ? error : toTemplateError(error);
  }
}

const sample: TextScope = {
  labels: {},
  value: 1,
  threshold: 1,
  severity: 'HIGH',
  startedAt: 0,
  timeZone: 'UTC',
  rule: { name: '', code: '' },
  chart: null,
};

/** Fills in a template. Never throws: if it can't be filled in, the text is the template itself with a note. */
export function renderTemplate(source: string, scope: TextScope): string {
  if (!isTemplate(source)) return source;
  try {
    return cut(fillIn(source, scope));
  } catch (error) {
    return cut(`${source} (${noteOn(error)})`);
  }
}

function fillIn(source: string, scope: TextScope): string {
  const { templates, labels } = parse(source);
  return String(liquid.renderSync(templates, variablesOf(scope, labels)));
}

const isTemplate = (source: string): boolean => source.includes('{{') || source.includes('{%');
const cut = (text: string): string => (text.length > maxTextLength ? `${text.slice(0, maxTextLength - 1)}…` : text);

function noteOn(error: unknown): string {
  const { message, line, column } = error instanceof TextTemplateError ? error : toTemplateError(error);
  return `This text couldn’t be filled in, line ${line}, column ${column}: ${message}`;
}

function variablesOf(scope: TextScope, labelNames: readonly string[]): object {
  const labels: Record<string, unknown> = Object.create(null);
  for (const name of labelNames) labels[name] = new Missing(`label ${name}`);
  for (const [name, value] of Object.entries(scope.labels)) labels[name] = value;
  const known: Record<string, unknown> = {
    labels,
    value: scope.value ?? new Missing('value'),
    threshold: scope.threshold ?? new Missing('threshold'),
    severity: scope.severity,
    startedAt: new Instant(scope.startedAt, scope.timeZone),
    timeZone: scope.timeZone,
    rule: scope.rule,
    chart: scope.chart ?? { title: new Missing('chart'), unit: '' },
  };
  return Object.assign(Object.create(null), known);
}

function parse(source: string): Parsed {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const templates = liquid.parse(source);
  const found = { templates, labels: checkVariables(templates) };
  if (parsed.size >= maxCached) parsed.clear();
  parsed.set(source, found);
  return found;
}

/** Returns the names of the labels that a template writes. @throws TextTemplateError if it uses a variable that doesn't exist */
function checkVariables(templates: Template[]): string[] {
  const labels: string[] = [];
  const used = Object.values(liquid.analyzeSync(templates, { partials: false }).variables).flat();
  for (const { segments, location } of used) {
    const [root, name, ...more] = segments;
    const names = typeof root === 'string' && Object.hasOwn(variables, root) ? variables[root] : undefined;
    const isKnown =
      names !== undefined &&
      more.length === 0 &&
      (names.length === 0 ? name === undefined : typeof name === 'string' && (names === '*' || names.includes(name)));
    if (!isKnown) {
      const written = segments.map((segment) => (typeof segment === 'object' ? '…' : String(segment))).join('.');
      const place = { line: location.row, column: location.col };
      const what = { reason: 'variable', of: written } as const;
      throw new TextTemplateError(`There is no variable ${written}.`, { ...what, ...place, hint: `Use ${variableNames}.` });
    }
    if (root === 'labels') labels.push(String(name));
  }
  return labels;
}

function toTemplateError(error: unknown): TextTemplateError {
  const [line, column] = LiquidError.is(error) ? ((error as LiquidError).token.getPosition() as [number, number]) : [1, 1];
  const original = LiquidError.is(error) ? ((error as LiquidError).originalError ?? error) : error;
  const message = String((original as { message?: unknown }).message ?? original).replace(/, line:\d+, col:\d+$/, '');
  const filter = /^undefined filter: (.*)$/.exec(message)?.[1];
  const tag = /^tag "(.*)" not found$/.exec(message)?.[1];
  const at = { line, column, cause: error };
  if (filter !== undefined)
    return new TextTemplateError(`There is no filter “${filter}”.`, {
      ...at,
      reason: 'filter',
      of: filter,
      hint: `Use ${Object.keys(filters).join(', ')}.`,
    });
  if (tag !== undefined)
    return new TextTemplateError(`The tag “${tag}” can’t be used here.`, {
      ...at,
      reason: 'tag',
      of: tag,
      hint: `Use ${tags.join(', ')}, with their else and end.`,
    });
  return new TextTemplateError(sentence(message), {
    ...at,
    reason: 'syntax',
    of: '',
    hint: 'Write variables as {{ labels.host }}, and conditions as {% if value %}…{% endif %}.',
  });
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
