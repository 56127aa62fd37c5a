import { zodResolver } from '@hookform/resolvers/zod';
import { Plus, X } from 'lucide-react';
import { useId, useMemo } from 'react';
import { useFieldArray, useForm } from 'react-hook-form';
import { z } from 'zod';
import { type DashboardBody, type DashboardRange, dashboardBody, folder } from '#common/contract/dashboards.ts';
import { everyValue, type Variable, variable } from '#common/contract/variables.ts';
import { readRange } from '#renderer/charts/range-picker/typed-range.ts';
import { parseRange, printRange } from '#renderer/domain/address.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Select, Textarea } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { words as common } from '#renderer/ui/words.ts';
import { refreshChoices } from '../address.ts';
import { words } from './words.ts';

interface Values {
  title: string;
  description: string;
  folder: string;
  tags: string;
  range: string;
  refreshMs: string;
  variables: { name: string; label: string; kind: Variable['kind']; of: string; options: string; value: string }[];
}

const rangeExamples = '6h, 7d, now/d to now, last week, 3M';

/** The range as it was written before, or as people type one; null when it is neither. */
function readOwnRange(text: string): DashboardRange | null {
  const typed = readRange(text, Date.now(), 'UTC');
  const span = parseRange(text) ?? (typed.ok ? typed.span : null);
  if (span === null) return null;
  // Everyone reads it in a time zone of their own.
  return 'timeZone' in span ? { from: span.from, to: span.to } : span;
}

const list = (text: string) =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

const toVariable = ({ name, label, kind, of, options, value }: Values['variables'][number]) => ({
  name: name.trim(),
  label: label.trim(),
  kind,
  ...((kind === 'segment' || kind === 'label') && of.trim() !== '' ? { of: of.trim() } : {}),
  options: kind === 'options' ? list(options) : [],
  value: value.trim() === '' ? everyValue : value.trim(),
});

interface SheetProps {
  body: DashboardBody;
  onApply: (body: DashboardBody) => void;
  onClose: () => void;
}

/** The settings of a dashboard: name, folder, default range and variables. */
export function SettingsSheet({ body, onApply, onClose }: SheetProps) {
  const t = useText(words);
  const kit = useText(common);
  const { language } = usePreferences();
  const id = useId();
  const schema = useMemo(() => {
    const one = z.custom<Values['variables'][number]>().superRefine((value, context) => {
      for (const { path, message } of variable.safeParse(toVariable(value)).error?.issues ?? []) {
        context.addIssue({ code: 'custom', path, message });
      }
    });
    return z.object({
      title: z.string().trim().min(1, t('titleMissing')).max(120),
      description: z.string().max(2_000),
      folder,
      tags: z.string().refine((text) => dashboardBody.shape.tags.safeParse(list(text)).success),
      range: z.string().refine((text) => readOwnRange(text) !== null),
      refreshMs: z.string(),
      variables: z.array(one),
    });
  }, [t]);
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: {
      title: body.title,
      description: body.description,
      folder: body.folder,
      tags: body.tags.join(', '),
      range: printRange(body.range),
      refreshMs: String(body.refreshMs),
      variables: body.variables.map(({ of = '', options, ...rest }) => ({ ...rest, of, options: options.join(', ') })),
    },
  });
  const { register, handleSubmit, control, watch, setError, formState } = form;
  const { fields, append, remove } = useFieldArray({ control, name: 'variables' });
  const { errors } = formState;
  const submit = handleSubmit(({ tags, range, refreshMs, variables, ...rest }) => {
    const read = dashboardBody.safeParse({
      ...body,
      ...rest,
      tags: list(tags),
      range: readOwnRange(range) ?? body.range,
      refreshMs: Number(refreshMs),
      variables: variables.map(toVariable),
    });
    if (read.success) onApply(read.data);
    else setError('variables', { message: read.error.issues[0]?.message ?? '' });
  });
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('dashboardSettings')}
      className="w-[min(34rem,100vw)]"
      footer={
        <>
          <Button onClick={onClose}>{kit('cancel')}</Button>
          <Button variant="primary" type="submit" form={id}>
            {t('apply')}
          </Button>
        </>
      }
    >
      <form id={id} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4 pt-2">
        <Field label={t('title')} error={errors.title?.message}>
          <Input {...register('title')} maxLength={120} autoComplete="off" />
        </Field>
        <Field label={t('description')}>
          <Textarea {...register('description')} rows={2} maxLength={2_000} />
        </Field>
        <div className="grid grid-cols-2 gap-3">
          <Field label={t('folder')} hint={t('folderHint')} error={errors.folder?.message}>
            <Input {...register('folder')} autoComplete="off" />
          </Field>
          <Field label={t('tags')} hint={t('tagsHint')} error={errors.tags && t('wrongValue', { why: t('tagsHint') })}>
            <Input {...register('tags')} autoComplete="off" />
          </Field>
          <Field label={t('ownRange')} hint={rangeExamples} error={errors.range && t('wrongValue', { why: rangeExamples })}>
            <Input {...register('range')} dir="ltr" autoComplete="off" />
          </Field>
          <Field label={t('ownRefresh')}>
            <Select {...register('refreshMs')}>
              {[...new Set([...refreshChoices, body.refreshMs])].map((ms) => (
                <option key={ms} value={ms}>
                  {ms === 0 ? t('refreshAuto') : t('refreshEvery', { age: formatSetDuration(ms, language) })}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <fieldset className="flex flex-col gap-3">
          <legend className="mb-2 font-semibold">{t('variables')}</legend>
          {fields.map((field, at) => {
            const kind = watch(`variables.${at}.kind`);
            const wrong = errors.variables?.[at];
            return (
              <div key={field.id} className="grid grid-cols-[1fr_1fr_auto] gap-x-3 gap-y-2 rounded-md border p-3">
                <Field label={t('variableName')} error={wrong?.name?.message}>
                  <Input {...register(`variables.${at}.name`)} dir="ltr" placeholder="loader" autoComplete="off" />
                </Field>
                <Field label={t('label')}>
                  <Input {...register(`variables.${at}.label`)} autoComplete="off" />
                </Field>
                <Button variant="ghost" size="icon" className="mt-5" tooltip={t('removeVariable')} onClick={() => remove(at)}>
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
                    <Input
                      {...register(`variables.${at}.of`)}
                      dir="ltr"
                      placeholder={kind === 'segment' ? '$loader' : 'host'}
                      autoComplete="off"
                    />
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
          })}
          {errors.variables?.message && (
            <p role="alert" className="text-danger text-sm">
              {errors.variables.message}
            </p>
          )}
          <Button
            className="self-start"
            onClick={() => append({ name: '', label: '', kind: 'options', of: '', options: '', value: everyValue })}
          >
            <Plus size="0.875rem" />
            {t('addVariable')}
          </Button>
        </fieldset>
      </form>
    </Sheet>
  );
}
