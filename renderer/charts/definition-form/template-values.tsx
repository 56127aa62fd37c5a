import { useId, useMemo } from 'react';
import { resolveValues, variablesIn } from '#common/charts/variables.ts';
import type { ChartDrawing } from '#common/contract/charts.ts';
import { everyValue, type Variable, type VariableValues } from '#common/contract/variables.ts';
import { dayMs } from '#common/time/durations.ts';
import { type RangeQuery, useLoaders, useMetrics, useSeries } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { definitionWords } from './words.ts';

interface TemplateValuesProps {
  connectionId: string | undefined;
  definition: Pick<ChartDrawing, 'selector' | 'beside' | 'variables'>;
  values: VariableValues;
  onChange: (values: VariableValues) => void;
}

/** One field for each variable of a template, with known values as suggestions. Renders nothing if there are no variables. */
export function TemplateValues({ connectionId, definition, values, onChange }: TemplateValuesProps) {
  const t = useText(definitionWords);
  const used = useMemo(() => {
    const names = [definition.selector, ...definition.beside.map(({ selector }) => selector)].flatMap(variablesIn);
    return [...new Set([...definition.variables.map(({ name }) => name), ...names])];
  }, [definition]);
  if (used.length === 0) return null;
  const now = resolveValues(definition.variables, values);
  return (
    <fieldset className="flex flex-wrap items-center gap-2 px-4 py-1">
      <legend className="sr-only">{t('chooseValues')}</legend>
      {used.map((name) => {
        const variable = definition.variables.find((one) => one.name === name);
        return (
          <VariableValue
            key={name}
            connectionId={connectionId}
            variable={variable ?? { name, label: '', kind: guessKind(name), options: [], value: everyValue }}
            all={now}
            value={values[name] ?? variable?.value ?? ''}
            onChange={(value) => onChange({ ...values, [name]: value })}
          />
        );
      })}
    </fieldset>
  );
}

const guessKind = (name: string): Variable['kind'] => (name === 'loader' ? 'loader' : name === 'segment' ? 'segment' : 'label');

interface VariableValueProps {
  connectionId: string | undefined;
  variable: Variable;
  all: VariableValues;
  value: string;
  onChange: (value: string) => void;
}

function VariableValue({ connectionId, variable, all, value, onChange }: VariableValueProps) {
  const t = useText(definitionWords);
  const id = useId();
  const choices = useChoices(connectionId, variable, all);
  return (
    <label htmlFor={id} className="flex items-center gap-1.5 text-muted text-sm">
      {variable.label === '' ? `$${variable.name}` : variable.label}
      <Input
        id={id}
        className="w-40"
        dir="ltr"
        list={`${id}-choices`}
        autoComplete="off"
        placeholder={t('every')}
        value={value === everyValue ? '' : value}
        onChange={(event) => onChange(event.target.value === '' ? everyValue : event.target.value)}
      />
      <datalist id={`${id}-choices`}>
        {choices.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </label>
  );
}

/** Returns the known values of a variable. Segments are those of the last day. */
export function useChoices(connectionId: string | undefined, { kind, name, of, options }: Variable, all: VariableValues): string[] {
  const loaders = useLoaders(kind === 'loader' ? connectionId : undefined).data?.value;
  const metrics = useMetrics(kind === 'label' ? connectionId : undefined).data?.metrics;
  const loader = of?.startsWith('$') ? all[of.slice(1)] : (of ?? all['loader']);
  const known = kind === 'segment' && loader !== undefined && loader !== '' && loader !== everyValue;
  const query = useMemo<RangeQuery | undefined>(
    () =>
      known
        ? { selector: { from: 'signal', loaderCode: loader }, aggregation: 'count', bucketMs: dayMs, range: { lastMs: dayMs } }
        : undefined,
    [known, loader],
  );
  const series = useSeries(known ? connectionId : undefined, query).data?.series;
  return useMemo(() => {
    if (kind === 'options') return [...options];
    if (kind === 'loader') return (loaders ?? []).map(({ code }) => code);
    const label = kind === 'segment' ? 'segment' : (of ?? name);
    const sets = kind === 'segment' ? (series ?? []) : (metrics ?? []);
    return [...new Set(sets.flatMap(({ labels }) => labels[label] ?? []))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  }, [kind, of, name, options, loaders, metrics, series]);
}
