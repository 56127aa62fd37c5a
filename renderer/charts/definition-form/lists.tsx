import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFieldArray, useFormContext } from 'react-hook-form';
import { severities } from '#common/contract/primitives.ts';
import { words as common } from '#renderer/domain/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Select } from '#renderer/ui/input.tsx';
import { kinds } from './kinds.ts';
import { type DefinitionValues, readValues, undeclared } from './values.ts';
import { definitionWords } from './words.ts';

interface ListProps {
  title: string;
  about?: string;
  add?: { label: string; run: () => void };
  children: ReactNode;
}

function List({ title, about, add, children }: ListProps) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-semibold">{title}</legend>
      {about && <p className="text-faint text-sm">{about}</p>}
      {children}
      {add && (
        <Button variant="ghost" size="sm" className="self-start" onClick={add.run}>
          <Plus className="size-3.5" />
          {add.label}
        </Button>
      )}
    </fieldset>
  );
}

function Remove({ onClick }: { onClick: () => void }) {
  const t = useText(definitionWords);
  return (
    <Button variant="ghost" size="icon" aria-label={t('remove')} tooltip={t('remove')} onClick={onClick} className="mt-5">
      <X className="size-4" />
    </Button>
  );
}

const maxThresholds = 10;
const maxVariables = 12;

export function ThresholdFields() {
  const t = useText(definitionWords);
  const severityWord = useText(common);
  const { control, register, formState } = useFormContext<DefinitionValues>();
  const { fields, append, remove } = useFieldArray({ control, name: 'thresholds' });
  const add = () => append({ value: '', severity: 'WARNING', label: '', reached: 'at-or-above' });
  return (
    <List title={t('thresholds')} {...(fields.length < maxThresholds ? { add: { label: t('addThreshold'), run: add } } : {})}>
      {fields.map((field, i) => (
        <div key={field.id} className="flex items-start gap-2">
          <Field label={t('reached')} className="w-32">
            <Select {...register(`thresholds.${i}.reached`)}>
              <option value="at-or-above">{t('atOrAbove')}</option>
              <option value="at-or-below">{t('atOrBelow')}</option>
              <option value="below">{t('below')}</option>
            </Select>
          </Field>
          <Field label={t('value')} error={formState.errors.thresholds?.[i]?.value?.message} className="w-28">
            <Input {...register(`thresholds.${i}.value`)} inputMode="decimal" dir="ltr" autoComplete="off" />
          </Field>
          <Field label={t('severity')} className="w-32">
            <Select {...register(`thresholds.${i}.severity`)}>
              {severities.map((one) => (
                <option key={one} value={one}>
                  {severityWord(one)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t('label')} error={formState.errors.thresholds?.[i]?.label?.message} className="flex-1">
            <Input {...register(`thresholds.${i}.label`)} maxLength={60} autoComplete="off" />
          </Field>
          <Remove onClick={() => remove(i)} />
        </div>
      ))}
    </List>
  );
}

/** Lists a chart's further measures, which can be removed here. They are added in Explore, where the result is visible. */
export function BesideFields() {
  const t = useText(definitionWords);
  const kind = useText(kinds);
  const { watch, setValue } = useFormContext<DefinitionValues>();
  const beside = watch('beside');
  if (beside.length === 0) return null;
  return (
    <List title={t('beside')}>
      {beside.map((one, i) => {
        const what = one.selector.from === 'signal' ? one.selector.loaderCode : one.selector.name;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a measure has no name of its own, and the list only shrinks
          <div key={i} className="flex items-center gap-2">
            <span className="flex-1 truncate">{one.name ?? what}</span>
            <span className="text-faint text-sm">{kind(one.aggregation)}</span>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={t('remove')}
              onClick={() =>
                setValue(
                  'beside',
                  beside.filter((_, place) => place !== i),
                  { shouldDirty: true },
                )
              }
            >
              <X className="size-3.5" />
            </Button>
          </div>
        );
      })}
    </List>
  );
}

export function VariableFields() {
  const t = useText(definitionWords);
  const { control, formState, watch } = useFormContext<DefinitionValues>();
  const { fields, append, remove } = useFieldArray({ control, name: 'variables' });
  const values = watch();
  const read = readValues(values);
  const lacking = read.ok ? undeclared(read.definition) : [];
  const errors = formState.errors.variables;
  const add = () => append({ name: '', label: '', kind: 'segment', of: '', options: '', value: '' });
  return (
    <List
      title={t('variables')}
      about={t('variablesAbout')}
      {...(fields.length < maxVariables ? { add: { label: t('addVariable'), run: add } } : {})}
    >
      {fields.map((field, i) => (
        <OneVariable key={field.id} at={i} kind={values.variables[i]?.kind ?? 'segment'} onRemove={() => remove(i)} />
      ))}
      {errors?.root?.message && (
        <p role="alert" className="text-danger text-sm">
          {errors.root.message}
        </p>
      )}
      {lacking.length > 0 && (
        <p className="text-attention text-sm">
          {t('undeclared', { count: lacking.length, names: lacking.map((name) => `$${name}`).join(', ') })}
        </p>
      )}
    </List>
  );
}

interface OneVariableProps {
  /** Index in the list. */
  at: number;
  kind: DefinitionValues['variables'][number]['kind'];
  onRemove: () => void;
}

function OneVariable({ at, kind, onRemove }: OneVariableProps) {
  const t = useText(definitionWords);
  const { register, formState } = useFormContext<DefinitionValues>();
  const errors = formState.errors.variables?.[at];
  return (
    <div className="grid grid-cols-[1fr_1fr_1fr_auto] items-start gap-2 border-b pb-2">
      <Field label={t('variableName')} error={errors?.name?.message}>
        <Input {...register(`variables.${at}.name`)} dir="ltr" autoComplete="off" className="font-mono" />
      </Field>
      <Field label={t('kind')}>
        <Select {...register(`variables.${at}.kind`)}>
          {(['loader', 'segment', 'label', 'options'] as const).map((one) => (
            <option key={one} value={one}>
              {t(`kind_${one}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('standsFor')} hint={t('standsForHint')} error={errors?.value?.message}>
        <Input {...register(`variables.${at}.value`)} dir="ltr" autoComplete="off" placeholder="*" />
      </Field>
      <Remove onClick={onRemove} />
      {(kind === 'segment' || kind === 'label') && (
        <Field label={t('of')} error={errors?.of?.message}>
          <Input {...register(`variables.${at}.of`)} dir="ltr" autoComplete="off" placeholder={kind === 'segment' ? '$loader' : 'host'} />
        </Field>
      )}
      {kind === 'options' && (
        <Field label={t('options')} error={errors?.options?.message} className="col-span-2">
          <Input {...register(`variables.${at}.options`)} autoComplete="off" />
        </Field>
      )}
      <Field label={t('label')} error={errors?.label?.message}>
        <Input {...register(`variables.${at}.label`)} maxLength={60} autoComplete="off" />
      </Field>
    </div>
  );
}
