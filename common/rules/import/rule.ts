import { maxRuleDurationMs } from '../../contract/conditions.ts';
import type { Severity } from '../../contract/primitives.ts';
import { type RuleInput, ruleInput } from '../../contract/rules.ts';
import { hourMs, minuteMs, secondMs } from '../../time/durations.ts';
import { filePath } from '../yaml/fields.ts';
import { mistakeOf } from '../yaml/issues.ts';
import { chooseChart, type ImportTarget } from './charts.ts';
import type { Meaning } from './conditions.ts';
import { type ImportNote, Refusal } from './refusal.ts';
import { translateText } from './texts.ts';

/** A rule of another product whose expression is understood. */
export interface ForeignRule {
  name: string;
  /** Used for the code when the name has no Latin letters or digits. */
  id: string | null;
  meaning: Meaning;
  forMs: number;
  keepFiringForMs: number;
  /** Null if the file doesn't say. */
  evaluateEveryMs: number | null;
  delayMs: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  onNoData: RuleInput['onNoData'];
  onError: RuleInput['onError'];
  enabled: boolean;
  /** In Grafana: the queries whose value is that of the alert. */
  valueRefs: readonly string[];
  notes: ImportNote[];
}

/** How often Prometheus and Grafana evaluate rules unless told otherwise, ms. */
const defaultEvaluateEveryMs = minuteMs;
const maxCodeLength = 64;
const limits = { name: 120, label: 512, annotation: 2_000, texts: 20 };

/** Labels that say how urgent an alert is, in the words in use. */
const severityOf: Readonly<Record<string, Severity>> = {
  ...inEach('CRITICAL', ['critical', 'crit', 'page', 'emergency', 'fatal', 'disaster', 'p1', 'sev1']),
  ...inEach('HIGH', ['high', 'major', 'error', 'p2', 'sev2']),
  ...inEach('WARNING', ['warning', 'warn', 'medium', 'minor', 'ticket', 'p3', 'sev3']),
  ...inEach('INFO', ['info', 'informational', 'information', 'notice', 'low', 'none', 'debug', 'p4', 'sev4']),
};
function inEach(severity: Severity, words: readonly string[]): Record<string, Severity> {
  return Object.fromEntries(words.map((word) => [word, severity]));
}

/** Makes a rule of ours from one of another product. @throws Refusal */
export function toRule(foreign: ForeignRule, target: ImportTarget): { rule: RuleInput; notes: ImportNote[] } {
  const { meaning } = foreign;
  const { chartCode, matchLabels, notes: chartNotes } = chooseChart(meaning.series, target);
  const notes: ImportNote[] = [...foreign.notes, ...meaning.notes, ...chartNotes];
  const delayMs = foreign.delayMs + meaning.delayMs;
  const rule = {
    code: codeOf(foreign),
    name: cut(foreign.name, limits.name, 'name', notes),
    chartCode,
    matchLabels,
    conditions: meaning.conditions,
    match: meaning.match,
    forMs: durationUpTo(foreign.forMs, 'for'),
    keepFiringForMs: durationUpTo(foreign.keepFiringForMs, 'keep_firing_for'),
    evaluateEveryMs: evaluateEveryOf(foreign, notes),
    ...(delayMs === 0 ? {} : { delayMs }),
    ...textsOf(foreign, matchLabels, notes),
    onNoData: foreign.onNoData,
    onError: foreign.onError,
    enabled: foreign.enabled,
  };
  const checked = ruleInput.safeParse(rule);
  if (checked.success) return { rule: checked.data, notes: distinct(notes) };
  const [issue] = checked.error.issues;
  if (issue === undefined) throw checked.error;
  throw new Refusal('not_valid', { field: filePath(issue.path).join('.') }, null, mistakeOf(issue, rule));
}

/** `KubePodCrashLooping` becomes `kube-pod-crash-looping`. */
function codeOf({ name, id }: ForeignRule): string {
  const kebab = (text: string) =>
    text
      .replace(/([a-z\d])([A-Z])/g, '$1-$2')
      .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
      .replace(/[^A-Za-z\d]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .toLowerCase()
      .slice(0, maxCodeLength)
      .replace(/-+$/, '');
  return kebab(name) || kebab(id ?? '') || 'rule';
}

function durationUpTo(ms: number, field: string): number {
  if (ms > maxRuleDurationMs) throw new Refusal('duration_long', { field, maxMs: maxRuleDurationMs });
  return ms;
}

function evaluateEveryOf({ evaluateEveryMs }: ForeignRule, notes: ImportNote[]): number {
  const wanted = evaluateEveryMs ?? defaultEvaluateEveryMs;
  const used = Math.min(hourMs, Math.max(secondMs, wanted));
  if (used !== wanted) notes.push({ code: 'interval', params: { wantedMs: wanted, usedMs: used } });
  return used;
}

type Texts = Pick<RuleInput, 'labels' | 'annotations' | 'severity'>;

function textsOf(
  { labels, annotations, meaning, valueRefs }: ForeignRule,
  matchLabels: Record<string, string>,
  notes: ImportNote[],
): Texts {
  const { severity, ...others } = labels;
  const known = severityOf[severity?.toLowerCase() ?? ''];
  if (severity === undefined || severity === '') notes.push({ code: 'severity_none', params: {} });
  else if (known === undefined) notes.push({ code: 'severity_unknown', params: { text: severity } });
  const kept = known === undefined && severity ? { severity, ...others } : others;
  const translated = (texts: Record<string, string>, kind: 'label' | 'annotation') =>
    Object.fromEntries(
      Object.entries(accepted(texts, kind, kind === 'label' ? matchLabels : {}, notes)).map(([name, source]) => {
        const { text, notes: more } = translateText(source, name, { isValue: meaning.isValue, valueRefs });
        notes.push(...more);
        return [name, cut(text, limits[kind], name, notes)];
      }),
    );
  return { severity: known ?? 'WARNING', labels: translated(kept, 'label'), annotations: translated(annotations, 'annotation') };
}

/** Returns the texts whose names are allowed here, up to the maximum number. */
function accepted(
  texts: Record<string, string>,
  kind: 'label' | 'annotation',
  taken: Record<string, string>,
  notes: ImportNote[],
): Record<string, string> {
  const given = Object.entries(texts).filter(([, text]) => text !== '');
  const allowed = given.filter(([name]) => {
    if (/^[A-Za-z]\w{0,63}$/.test(name)) return !Object.hasOwn(taken, name);
    notes.push({ code: 'text_name', params: { name } });
    return false;
  });
  for (const [name] of given) if (Object.hasOwn(taken, name)) notes.push({ code: 'label_taken', params: { name } });
  if (allowed.length > limits.texts)
    notes.push({ code: kind === 'label' ? 'labels_over' : 'annotations_over', params: { max: limits.texts } });
  return Object.fromEntries(allowed.slice(0, limits.texts));
}

function cut(text: string, max: number, name: string, notes: ImportNote[]): string {
  if (text.length <= max) return text;
  notes.push({ code: 'text_cut', params: { name, max } });
  return `${text.slice(0, max - 1)}…`;
}

const distinct = (notes: readonly ImportNote[]): ImportNote[] => [
  ...new Map(notes.map((note) => [JSON.stringify([note.code, note.params]), note])).values(),
];
