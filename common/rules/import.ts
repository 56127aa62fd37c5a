import type { RuleInput } from '../contract/rules.ts';
import type { Params } from '../words/fill.ts';
import type { ImportTarget } from './import/charts.ts';
import { type ForeignFields, isGroup, listIn } from './import/fields.ts';
import { grafanaExpression, grafanaName, readGrafanaRule } from './import/grafana.ts';
import { prometheusExpression, prometheusName, readPrometheusRule } from './import/prometheus.ts';
import { type ImportNote, Refusal, type Span } from './import/refusal.ts';
import { type ForeignRule, toRule } from './import/rule.ts';
import { RuleFileError } from './yaml/problems.ts';
import { type Located, type Path, readDocuments } from './yaml/source.ts';
import { readRules } from './yaml.ts';

export type { ImportTarget } from './import/charts.ts';

/** Where a rule is in its file. */
interface RulePlace {
  /** The name that it has there. */
  name: string;
  /** The group, and in Grafana the folder; empty if there is none. */
  group: string;
  /** Counts from 1. */
  line: number;
  /** The expression; in Grafana all queries, one to a line. Empty for rules of our own files. */
  expression: string;
}

/** A rule that means the same here. */
export interface ImportedRule extends RulePlace {
  rule: RuleInput;
  /** What differs, and what wasn't carried over. */
  notes: ImportNote[];
}

/** A rule without a counterpart, and why. */
export interface RefusedRule extends RulePlace {
  note: ImportNote;
  /** The part of the expression that is refused, and its place there, counted from 1; null if it isn't about the expression. */
  part: { text: string; line: number; column: number } | null;
}

export interface ImportedRules {
  format: 'watchfloor' | 'prometheus' | 'grafana';
  imported: ImportedRule[];
  refused: RefusedRule[];
}

/**
 * Reads the rules of a file: our own YAML, a rule file of Prometheus, or an export of Grafana's alert rules. Each rule of the file is in one
 * of the two lists.
 * @throws RuleFileError if the file can't be read as one of them
 */
export function importRules(text: string, fileName: string, target: ImportTarget): ImportedRules {
  const documents = readDocuments(text, fileName);
  const found = documents.flatMap((document) => foreignRules(document));
  const [first] = found;
  if (first === undefined) return importOwn(text, fileName, documents, target);
  const result: ImportedRules = { format: first.format, imported: [], refused: [] };
  for (const one of found) {
    const place = placeOf(one);
    try {
      result.imported.push({ ...place, ...toRule(readerOf[one.format](one.rule, one.group, target.series), target) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      result.refused.push({ ...place, note: error.note, part: partOf(place.expression, error.span) });
    }
  }
  return { ...result, imported: withOwnCodes(result.imported) };
}

interface FoundRule {
  format: 'prometheus' | 'grafana';
  rule: ForeignFields;
  group: ForeignFields;
  line: number;
}

const readerOf: Record<FoundRule['format'], (rule: ForeignFields, group: ForeignFields, known: ImportTarget['series']) => ForeignRule> = {
  prometheus: readPrometheusRule,
  grafana: readGrafanaRule,
};

/** Finds the rules of a document in the layouts of both products: files, resources of Kubernetes, and answers of Grafana's API. */
function foreignRules({ value, at }: Located): FoundRule[] {
  const isGrafana = (rule: ForeignFields) => Array.isArray(rule['data']) || isGroup(rule['record']) || 'title' in rule;
  const rulesIn = (list: readonly unknown[], group: ForeignFields, path: Path, isKnown: boolean): FoundRule[] =>
    list.flatMap((rule, i) => {
      const fields = isGroup(rule) ? rule : {};
      const format = isGrafana(fields) ? 'grafana' : 'prometheus';
      const isRule = isKnown || (format === 'grafana' ? Array.isArray(fields['data']) : 'expr' in fields);
      return isRule ? [{ format, rule: fields, group, line: at([...path, i]).line }] : [];
    });
  const groupsIn = (list: readonly unknown[], path: Path): FoundRule[] =>
    list.flatMap((group, i) => (isGroup(group) ? rulesIn(listIn(group, 'rules'), group, [...path, i, 'rules'], true) : []));
  // Some write the groups, or the rules, without anything around them.
  if (Array.isArray(value))
    return value.some((one) => isGroup(one) && Array.isArray(one['rules'])) ? groupsIn(value, []) : rulesIn(value, {}, [], false);
  if (!isGroup(value)) return [];
  const spec = value['kind'] === 'PrometheusRule' && isGroup(value['spec']) ? value['spec'] : value;
  const base: Path = spec === value ? [] : ['spec'];
  if (Array.isArray(spec['groups'])) return groupsIn(spec['groups'], [...base, 'groups']);
  return rulesIn(listIn(value, 'rules'), value, ['rules'], false);
}

function placeOf({ format, rule, group, line }: FoundRule): RulePlace {
  const isGrafana = format === 'grafana';
  const folder = isGrafana && typeof group['folder'] === 'string' ? `${group['folder']} / ` : '';
  const groupName = group['name'] ?? group['title'] ?? rule['ruleGroup'] ?? '';
  return {
    name: isGrafana ? grafanaName(rule) : prometheusName(rule),
    group: `${folder}${groupName}`,
    line,
    expression: isGrafana ? grafanaExpression(rule) : prometheusExpression(rule),
  };
}

/** Maximum length of the part of an expression that is quoted. */
const maxPartLength = 80;

function partOf(expression: string, span: Span | null): RefusedRule['part'] {
  if (span === null) return null;
  const before = expression.slice(0, span.from).split('\n');
  const part = expression.slice(span.from, span.to);
  const text = part.length > maxPartLength ? `${part.slice(0, maxPartLength - 1)}…` : part;
  return { text, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Gives each rule a code of its own: Prometheus and Grafana allow several rules with the same name, which usually differ in severity. */
function withOwnCodes(imported: readonly ImportedRule[]): ImportedRule[] {
  const counts = Map.groupBy(imported, ({ rule }) => rule.code);
  const taken = new Set<string>();
  return imported.map((one) => {
    const same = counts.get(one.rule.code) ?? [];
    const severities = new Set(same.map(({ rule }) => rule.severity));
    const { severity } = one.rule;
    let code = severities.size > 1 ? withSuffix(one.rule.code, severity.toLowerCase()) : one.rule.code;
    for (let i = 2; taken.has(code); i++)
      code = withSuffix(one.rule.code, severities.size > 1 ? `${severity.toLowerCase()}-${i}` : String(i));
    taken.add(code);
    return code === one.rule.code ? one : { ...one, rule: { ...one.rule, code } };
  });
}

const maxCodeLength = 64;
const withSuffix = (code: string, suffix: string): string => `${code.slice(0, maxCodeLength - suffix.length - 1)}-${suffix}`;

/** Reads our own YAML. @throws RuleFileError with every mistake */
function importOwn(text: string, fileName: string, documents: readonly Located[], { charts }: ImportTarget): ImportedRules {
  const isOwn = documents.some(({ value }) => isGroup(value) && ('when' in value || 'code' in value || 'rules' in value));
  if (!isOwn) throw new RuleFileError([{ file: fileName, line: 1, column: 1, field: '', mistake: { code: 'rules_none' } }]);
  const codes = new Set(charts.map(({ code }) => code));
  const result: ImportedRules = { format: 'watchfloor', imported: [], refused: [] };
  for (const { rule, at } of readRules([{ name: fileName, text }])) {
    const place: RulePlace = { name: rule.name, group: '', line: at('code').line, expression: '' };
    const params: Params = { chart: rule.chartCode };
    if (codes.has(rule.chartCode)) result.imported.push({ ...place, rule, notes: [] });
    else result.refused.push({ ...place, note: { code: 'chart_missing', params }, part: null });
  }
  return result;
}
