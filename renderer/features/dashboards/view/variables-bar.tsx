import { useId } from 'react';
import { everyValue, type Variable, type VariableValues } from '#common/contract/variables.ts';
import { useChoices } from '#renderer/charts/definition-form/template-values.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Select } from '#renderer/ui/input.tsx';
import { words } from './words.ts';

interface BarProps {
  connectionId: string;
  variables: readonly Variable[];
  /** The current values of all of them. */
  values: VariableValues;
  onChoose: (name: string, value: string) => void;
}

/** Chooses the values of a dashboard's variables for all panels. */
export function VariablesBar({ connectionId, variables, values, onChoose }: BarProps) {
  const t = useText(words);
  return (
    <fieldset className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b px-4 py-2">
      <legend className="sr-only">{t('variables')}</legend>
      {variables.map((variable) => (
        <Choice
          key={variable.name}
          connectionId={connectionId}
          variable={variable}
          values={values}
          onChoose={(value) => onChoose(variable.name, value)}
        />
      ))}
    </fieldset>
  );
}

interface ChoiceProps {
  connectionId: string;
  variable: Variable;
  values: VariableValues;
  onChoose: (value: string) => void;
}

function Choice({ connectionId, variable, values, onChoose }: ChoiceProps) {
  const t = useText(words);
  const id = useId();
  const known = useChoices(connectionId, variable, values);
  const value = values[variable.name] ?? everyValue;
  const choices = value === everyValue || known.includes(value) ? known : [value, ...known];
  return (
    <span className="flex items-center gap-2">
      <label htmlFor={id} className="text-muted text-sm">
        {variable.label === '' ? variable.name : variable.label}
      </label>
      <Select id={id} className="w-auto min-w-32" value={value} onChange={(event) => onChoose(event.target.value)}>
        <option value={everyValue}>{t('everyValue')}</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </Select>
    </span>
  );
}
