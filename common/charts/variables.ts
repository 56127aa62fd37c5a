import { type SelectorTemplate, type SeriesSelector, seriesSelector } from '../contract/charts.ts';
import { AppError } from '../contract/errors.ts';
import { everyValue, type Variable, type VariableValues, variableName } from '../contract/variables.ts';

/** Returns the values with which a chart is drawn: chosen values, and the defaults of its other variables. */
export function resolveValues(variables: readonly Variable[], chosen: VariableValues = {}): VariableValues {
  return { ...Object.fromEntries(variables.map(({ name, value }) => [name, value])), ...chosen };
}

/** Returns the names of the variables in a selector, without the `$`, each once. */
export function variablesIn(template: SelectorTemplate): string[] {
  const texts =
    template.from === 'signal' ? [template.loaderCode, template.segmentCode ?? ''] : [template.name, ...Object.values(template.labels)];
  return [...new Set(texts.filter(isVariable).map((text) => text.slice(1)))];
}

/**
 * Replaces the variables of a template by their values. A variable stands for a whole loader, segment, metric name or label value. `*`
 * (every value) drops the segment or label.
 * @throws AppError `validation_failed`, naming the field, for a variable without a value, for `*` where one thing must be named, and for a
 *   value that cannot stand there.
 */
export function bindSelector(template: SelectorTemplate, values: VariableValues): SeriesSelector {
  const bound =
    template.from === 'signal'
      ? {
          from: template.from,
          loaderCode: one(template.loaderCode, values, 'loaderCode', 'a loader'),
          ...optional('segmentCode', template.segmentCode === undefined ? undefined : any(template.segmentCode, values, 'segmentCode')),
        }
      : {
          from: template.from,
          name: one(template.name, values, 'name', 'a metric'),
          labels: Object.fromEntries(
            Object.entries(template.labels).flatMap(([label, text]) => {
              const value = any(text, values, `labels.${label}`);
              return value === undefined ? [] : [[label, value]];
            }),
          ),
        };
  const checked = seriesSelector.safeParse(bound);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new AppError('validation_failed', `The chosen values do not make a selector: ${field} ${issue?.message ?? ''}`.trim(), {
    field: `selector.${field}`,
    hint: 'Choose another value for the variable.',
  });
}

const isVariable = (text: string): boolean => variableName.safeParse(text).success;
const optional = (key: string, value: string | undefined) => (value === undefined ? {} : { [key]: value });

/** Returns the text, or the value of the variable it names; undefined for every value. */
function any(text: string, values: VariableValues, field: string): string | undefined {
  if (!isVariable(text)) return text;
  const name = text.slice(1);
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined || value === '')
    throw new AppError('validation_failed', `The variable ${text} has no value.`, {
      field: `selector.${field}`,
      hint: `Choose a value for ${text}, or give the chart a variable named “${name}”.`,
      reason: 'variable_without_value',
      params: { variable: text },
    });
  return value === everyValue ? undefined : value;
}

function one(text: string, values: VariableValues, field: string, what: string): string {
  const value = any(text, values, field);
  if (value === undefined)
    throw new AppError('validation_failed', `${text} stands for every value, but a chart reads ${what} at a time.`, {
      field: `selector.${field}`,
      hint: `Choose ${what} for ${text}.`,
    });
  return value;
}
