import { useId } from 'react';
import type { DashboardBody } from '#common/contract/dashboards.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Select, Textarea } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { words as common } from '#renderer/ui/words.ts';
import { refreshChoices } from '../address.ts';
import { useSettingsForm } from './settings-form.ts';
import { VariableFields } from './variable-fields.tsx';
import { words } from './words.ts';

const rangeExamples = '6h, 7d, now/d to now, last week, 3M';

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
  const { form, submit } = useSettingsForm(body, onApply);
  const { register } = form;
  const { errors } = form.formState;
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
        <VariableFields form={form} />
      </form>
    </Sheet>
  );
}
