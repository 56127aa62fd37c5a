import { Plus, X } from 'lucide-react';
import { useFieldArray } from 'react-hook-form';
import { Button } from '#renderer/ui/button.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Select } from '#renderer/ui/input.tsx';
import { newVariable, type SettingsForm } from './settings-form.ts';
import { words } from './words.ts';

/** Adds, changes and removes the variables of a dashboard. */
export function VariableFields({ form }: { form: SettingsForm }) {
  const t = useText(words);
  const { fields, append, remove } = useFieldArray({ control: form.control, name: 'variables' });
  const problem = form.formState.errors.variables?.message;
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-semibold">{t('variables')}</legend>
      {fields.map((field, at) => (
        <OneVariable key={field.id} form={form} at={at} onRemove={() => remove(at)} />
      ))}
      {problem && (
        <p role="alert" className="text-danger text-sm">
          {problem}
        </p>
      )}
      <Button className="self-start" onClick={() => append(newVariable)}>
        <Plus size="0.875rem" />
        {t('addVariable')}
      </Button>
    </fieldset>
  );
}

function OneVariable({ form, at, onRemove }: { form: SettingsForm; at: number; onRemove: () => void }) {
  const t = useText(words);
  const { register, watch, formState } = form;
  const kind = watch(`variables.${at}.kind`);
  const wrong = formState.errors.variables?.[at];
  return (
    <div className="grid grid-cols-[1fr_1fr_auto] gap-x-3 gap-y-2 rounded-md border p-3">
      <Field label={t('variableName')} error={wrong?.name?.message}>
        <Input {...register(`variables.${at}.name`)} dir="ltr" placeholder="loader" autoComplete="off" />
      </Field>
      <Field label={t('label')}>
        <Input {...register(`variables.${at}.label`)} autoComplete="off" />
      </Field>
      <Button variant="ghost" size="icon" className="mt-5" tooltip={t('removeVariable')} onClick={onRemove}>
        <X size="0.875rem" />
      </Button>
      <Field label={t('variableKind')}>
        <Select {...register(`variables.${at}.kind`)}>
          <option value="loader">{t('kindLoader')}</option>
          <option value="segment">{t('kindSegment')}</option>
          <option value="label">{t('kindLabel')}</option>
          <option value="options">{t('kindOptions')}</option>
        </Select>
      </Field>
      {(kind === 'segment' || kind === 'label') && (
        <Field label={t('variableOf')} error={wrong?.of?.message}>
          <Input {...register(`variables.${at}.of`)} dir="ltr" placeholder={kind === 'segment' ? '$loader' : 'host'} autoComplete="off" />
        </Field>
      )}
      {kind === 'options' && (
        <Field label={t('variableOptions')} hint={t('tagsHint')} error={wrong?.options?.message}>
          <Input {...register(`variables.${at}.options`)} dir="ltr" autoComplete="off" />
        </Field>
      )}
      <Field label={t('variableValue')} hint={`* = ${t('everyValue')}`} className="col-start-1" error={wrong?.value?.message}>
        <Input {...register(`variables.${at}.value`)} dir="ltr" autoComplete="off" />
      </Field>
    </div>
  );
}
