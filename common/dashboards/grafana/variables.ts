import { everyValue, type Variable } from '../../contract/variables.ts';
import { fitting, itsVariables, type Losses } from './losses.ts';
import type { GrafanaDashboard, GrafanaVariable } from './model.ts';

const most = { variables: 12, options: 200, text: 256 };

export interface ImportedVariables {
  variables: Variable[];
  /** Names here, by names in Grafana. */
  names: ReadonlyMap<string, string>;
}

/** Imports variables for a label's values or a list of options; others are reported as losses. */
export function importVariables({ templating }: GrafanaDashboard, losses: Losses): ImportedVariables {
  const variables: Variable[] = [];
  const names = new Map<string, string>();
  for (const one of templating?.list ?? []) {
    const variable = importVariable(one, losses);
    if (variable === null) continue;
    if (variables.length === most.variables) {
      losses.add(itsVariables, 'variable_over', { name: one.name, max: most.variables });
      continue;
    }
    const name = freeName(one.name, new Set(names.values()));
    if (name !== one.name) losses.add(itsVariables, 'variable_renamed', { name: one.name, to: name });
    names.set(one.name, name);
    variables.push({ ...variable, name });
  }
  return { variables, names };
}

function importVariable(one: GrafanaVariable, losses: Losses): Variable | null {
  const base = {
    name: one.name,
    label: fitting(one.label ?? '', 60, itsVariables, 'label', losses),
    options: [],
    value: chosenValue(one, losses),
  };
  switch (one.type) {
    case 'query': {
      const query = textOf(one.query) || (one.definition ?? '');
      const label = /^\s*label_values\(\s*(?:(?<of>.+),\s*)?(?<label>[A-Za-z_]\w*)\s*\)\s*$/s.exec(query);
      if (label?.groups?.['label'] === undefined) {
        losses.add(itsVariables, 'variable_query', { name: one.name, query });
        return null;
      }
      if (label.groups['of'] !== undefined) losses.add(itsVariables, 'variable_choices', { name: one.name, query });
      if (one.regex) losses.add(itsVariables, 'variable_regex', { name: one.name, query: one.regex });
      return { ...base, kind: 'label', of: label.groups['label'] };
    }
    case 'custom':
      return { ...base, kind: 'options', options: fewEnough(customOptions(one), one.name, losses) };
    case 'constant':
    case 'textbox': {
      const value = textOf(one.query).slice(0, most.text);
      if (one.type === 'textbox') losses.add(itsVariables, 'variable_text', { name: one.name });
      return { ...base, kind: 'options', options: [value], value: value === '' ? everyValue : value };
    }
    case 'datasource':
      // There is only one data source here, so nothing is lost.
      return null;
    default:
      losses.add(itsVariables, 'variable_type', { name: one.name, type: one.type ?? '–' });
      return null;
  }
}

/** Returns the default value of the variable. */
function chosenValue({ name, current, multi, hide }: GrafanaVariable, losses: Losses): string {
  if (multi) losses.add(itsVariables, 'variable_multi', { name });
  if (hide === 2 || hide === 'hideVariable') losses.add(itsVariables, 'variable_hidden', { name });
  const values = (Array.isArray(current?.value) ? current.value : [current?.value]).filter(
    (value) => typeof value === 'string' && value !== '',
  );
  const [first] = values as string[];
  if (values.length > 1) losses.add(itsVariables, 'variable_chosen', { name, values: values.join(', '), first: first ?? '' });
  return first === undefined || first === '$__all' ? everyValue : first.slice(0, most.text);
}

/** Parses `a, b, Shown : value`; newer files have the same as options. */
function customOptions({ query, options }: GrafanaVariable): string[] {
  const listed = (options ?? [])
    .map(({ value }) => value)
    .filter((value): value is string => typeof value === 'string' && value !== '$__all');
  if (listed.length > 0) return listed;
  const parts = textOf(query).match(/(?:\\,|[^,])+/g) ?? [];
  return parts.map((part) => (/^.*\s:\s(.*)$/s.exec(part)?.[1] ?? part).replaceAll('\\,', ',').trim()).filter((part) => part !== '');
}

function fewEnough(options: readonly string[], name: string, losses: Losses): string[] {
  const fitting = options.filter((option) => option.length <= most.text);
  if (fitting.length < options.length || fitting.length > most.options) {
    losses.add(itsVariables, 'options_over', { name, max: most.options, length: most.text });
  }
  return fitting.slice(0, most.options);
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  if (typeof query === 'object' && query !== null && 'query' in query && typeof query.query === 'string') return query.query;
  return '';
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '_')
    .replace(/^(?![a-z])/, 'v')
    .slice(0, 29);
  for (let n = 1; ; n++) {
    const wanted = n === 1 ? plain : `${plain}_${n}`;
    if (!taken.has(wanted)) return wanted;
  }
}
