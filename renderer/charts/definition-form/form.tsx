import { useId, useState } from 'react';
import { type FieldErrors, FormProvider, type Resolver, set, useForm, useFormContext } from 'react-hook-form';
import { type ChartDefinition, chartTypes } from '#common/contract/charts.ts';
import { aggregations } from '#common/contract/signals.ts';
import { bucketChoices } from '#renderer/charts/plot/range.ts';
import { useLoaders, useMetrics } from '#renderer/domain/queries/index.ts';
import { Field } from '#renderer/ui/field.tsx';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { type Translate, useText } from '#renderer/ui/i18n.ts';
import { Input, Select, Textarea } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Segmented, Switch } from '#renderer/ui/toggles.tsx';
import { kinds } from './kinds.ts';
import { BesideFields, ThresholdFields, VariableFields } from './lists.tsx';
import { type DefinitionValues, type FieldProblems, proposeCode, readValues } from './values.ts';
import { definitionWords } from './words.ts';

type Key = keyof (typeof definitionWords)['en'];

/** Validates the form with the contract's schema and translates its errors, each at its field. */
const resolverOf =
  (t: Translate<Key>): Resolver<DefinitionValues> =>
  (values) => {
    const read = readValues(values);
    return read.ok ? { values, errors: {} } : { values: {}, errors: errorsOf(read.problems, t) };
  };

function errorsOf(problems: FieldProblems, t: Translate<Key>): FieldErrors<DefinitionValues> {
  const errors: FieldErrors<DefinitionValues> = {};
  for (const [field, { word, text }] of Object.entries(problems)) {
    // Errors of a list as a whole are at its root, next to those of its entries.
    const at = field === 'variables' || field === 'thresholds' ? `${field}.root` : field;
    set(errors, at, { type: 'contract', message: word === null ? text : t(`problem_${word}`) });
  }
  return errors;
}

interface DefinitionFormProps {
  /** Id of the form element, so that a button elsewhere can submit it. */
  id: string;
  connectionId: string | undefined;
  initial: DefinitionValues;
  /** Codes that exist; a proposed code avoids them. Absent where the code can't be changed. */
  taken?: readonly string[] | undefined;
  /** True for the drawing of a dashboard's own panel: it has no code and can't be pinned. */
  inPanel?: boolean;
  onSubmit: (definition: ChartDefinition, fail: (field: 'code', message: string) => void) => void;
}

/** The fields of a chart definition, without its preview. */
export function DefinitionForm({ id, connectionId, initial, taken, inPanel = false, onSubmit }: DefinitionFormProps) {
  const t = useText(definitionWords);
  const form = useForm<DefinitionValues>({ resolver: resolverOf(t), defaultValues: initial, mode: 'onTouched' });
  const submit = form.handleSubmit((values) => {
    const read = readValues(values);
    if (read.ok) onSubmit(read.definition, (field, message) => form.setError(field, { message }, { shouldFocus: true }));
  });
  return (
    <FormProvider {...form}>
      <form id={id} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4 pt-2">
        <Naming taken={taken} inPanel={inPanel} />
        <MeasureFields connectionId={connectionId} />
        <DrawingFields inPanel={inPanel} />
        <ThresholdFields />
        <BesideFields />
        <VariableFields />
      </form>
    </FormProvider>
  );
}

function useFields() {
  const { register, formState, watch, setValue } = useFormContext<DefinitionValues>();
  return { register, errors: formState.errors, watch, setValue };
}

function Naming({ taken, inPanel }: { taken: readonly string[] | undefined; inPanel: boolean }) {
  const t = useText(definitionWords);
  const { register, errors, setValue } = useFields();
  const [ownCode, setOwnCode] = useState(false);
  const proposed = taken !== undefined && !ownCode;
  const title = register('title', {
    onChange: (event: { target: { value: string } }) => {
      if (proposed) setValue('code', proposeCode(event.target.value, taken), { shouldValidate: true });
    },
  });
  return (
    <>
      <Field label={t('title')} error={errors.title?.message}>
        <Input {...title} maxLength={120} autoFocus />
      </Field>
      {!inPanel && (
        <Field label={t('code')} hint={t('codeHint')} error={errors.code?.message}>
          <Input
            {...register('code', { onChange: () => setOwnCode(true) })}
            dir="ltr"
            readOnly={taken === undefined}
            className="font-mono read-only:text-muted"
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      )}
      <Field label={t('description')} error={errors.description?.message}>
        <Textarea {...register('description')} rows={2} maxLength={2_000} />
      </Field>
    </>
  );
}

function MeasureFields({ connectionId }: { connectionId: string | undefined }) {
  const t = useText(definitionWords);
  const kind = useText(kinds);
  const { register, watch, setValue } = useFields();
  const from = watch('from');
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-semibold">{t('measure')}</legend>
      <div className="flex flex-wrap items-center gap-3">
        <Segmented
          label={t('from')}
          value={from}
          onChange={(next) => setValue('from', next, { shouldValidate: true, shouldDirty: true })}
          options={[
            { value: 'signal', label: t('signal') },
            { value: 'metric', label: t('metric') },
          ]}
        />
        <Select {...register('aggregation')} aria-label={t('aggregation')} className="w-auto flex-1">
          {aggregations.map((one) => (
            <option key={one} value={one}>
              {kind(one)}
            </option>
          ))}
        </Select>
      </div>
      {from === 'signal' ? <SignalFields connectionId={connectionId} /> : <MetricFields connectionId={connectionId} />}
    </fieldset>
  );
}

/** Fields of a signal: a loader, suggested by code, and optionally one of its segments. */
function SignalFields({ connectionId }: { connectionId: string | undefined }) {
  const t = useText(definitionWords);
  const { register, errors } = useFields();
  const loaders = useLoaders(connectionId).data?.value ?? [];
  const list = useId();
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label={t('loaderCode')} error={errors.loaderCode?.message}>
        <Input {...register('loaderCode')} list={list} dir="ltr" autoComplete="off" />
      </Field>
      <Field label={t('segmentCode')} hint={t('segmentHint')} error={errors.segmentCode?.message}>
        <Input {...register('segmentCode')} dir="ltr" autoComplete="off" />
      </Field>
      <datalist id={list}>
        {loaders.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </datalist>
    </div>
  );
}

/** Fields of a metric: its name, with suggestions, and the labels that filter it. */
function MetricFields({ connectionId }: { connectionId: string | undefined }) {
  const t = useText(definitionWords);
  const { register, errors } = useFields();
  const metrics = useMetrics(connectionId).data?.metrics ?? [];
  const list = useId();
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label={t('name')} error={errors.name?.message}>
        <Input {...register('name')} list={list} dir="ltr" autoComplete="off" />
      </Field>
      <Field label={t('labels')} hint={t('labelsHint')} error={errors.labels?.message}>
        <Input {...register('labels')} dir="ltr" autoComplete="off" />
      </Field>
      <datalist id={list}>
        {[...new Set(metrics.map(({ name }) => name))].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </div>
  );
}

function DrawingFields({ inPanel }: { inPanel: boolean }) {
  const t = useText(definitionWords);
  const kind = useText(kinds);
  const { language } = usePreferences();
  const { register, errors, watch, setValue } = useFields();
  const pinned = watch('pinned');
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label={t('type')}>
        <Select {...register('type')}>
          {chartTypes.map((one) => (
            <option key={one} value={one}>
              {kind(one)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('bucket')} error={errors.bucketMs?.message}>
        <Select {...register('bucketMs')}>
          <option value="">{t('bucketAuto')}</option>
          {bucketChoices.map((ms) => (
            <option key={ms} value={ms}>
              {formatSetDuration(ms, language)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('unit')} error={errors.unit?.message}>
        <Input {...register('unit')} dir="ltr" autoComplete="off" />
      </Field>
      <Field label={t('decimals')} hint={t('decimalsHint')} error={errors.decimals?.message}>
        <Input {...register('decimals')} inputMode="numeric" dir="ltr" autoComplete="off" />
      </Field>
      <AxisFields />
      <div className="flex flex-col justify-end gap-2 pb-1">
        <SwitchRow label={t('stacked')} checked={watch('stacked')} onChange={(on) => setValue('stacked', on, { shouldDirty: true })} />
        {!inPanel && (
          <SwitchRow
            label={t('pinned')}
            checked={pinned !== ''}
            onChange={(on) => setValue('pinned', on ? '0' : '', { shouldDirty: true })}
          />
        )}
      </div>
      {pinned !== '' && (
        <Field label={t('place')} error={errors.pinned?.message}>
          <Input {...register('pinned')} inputMode="numeric" dir="ltr" autoComplete="off" />
        </Field>
      )}
    </div>
  );
}

/** Fields of the value axis: its ends and its scale. */
function AxisFields() {
  const t = useText(definitionWords);
  const { register, errors } = useFields();
  return (
    <>
      <Field label={t('min')} hint={t('endHint')} error={errors.min?.message}>
        <Input {...register('min')} inputMode="decimal" dir="ltr" autoComplete="off" />
      </Field>
      <Field label={t('max')} hint={t('endHint')} error={errors.max?.message}>
        <Input {...register('max')} inputMode="decimal" dir="ltr" autoComplete="off" />
      </Field>
      <Field label={t('scale')}>
        <Select {...register('scale')}>
          <option value="linear">{t('linear')}</option>
          <option value="log">{t('log')}</option>
        </Select>
      </Field>
    </>
  );
}

function SwitchRow({ label, checked, onChange }: { label: string; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is a button, which a label may hold
    <label className="flex items-center gap-2">
      <Switch checked={checked} onCheckedChange={onChange} />
      {label}
    </label>
  );
}
