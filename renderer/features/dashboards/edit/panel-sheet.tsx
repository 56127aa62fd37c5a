import { zodResolver } from '@hookform/resolvers/zod';
import { useId, useMemo } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { type Chart, chartDrawing } from '#common/contract/charts.ts';
import type { Panel } from '#common/contract/dashboards.ts';
import { variableValues } from '#common/contract/variables.ts';
import { DefinitionForm } from '#renderer/charts/definition-form/form.tsx';
import { printLabels, readLabels, toValues } from '#renderer/charts/definition-form/values.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Select, Textarea } from '#renderer/ui/input.tsx';
import { words as common } from '#renderer/ui/words.ts';
import { words } from './words.ts';

interface SheetProps {
  connectionId: string;
  panel: Panel;
  charts: readonly Chart[];
  onApply: (panel: Panel) => void;
  onClose: () => void;
}
interface PartProps<K extends Panel['kind']> {
  form: string;
  panel: Extract<Panel, { kind: K }>;
  onApply: (panel: Panel) => void;
}

/** The settings of one panel. */
export function PanelSheet({ connectionId, panel, charts, onApply, onClose }: SheetProps) {
  const t = useText(words);
  const kit = useText(common);
  const form = useId();
  const part = () => {
    switch (panel.kind) {
      case 'library':
        return <LibraryForm form={form} panel={panel} charts={charts} onApply={onApply} />;
      case 'chart':
        return (
          <DefinitionForm
            id={form}
            connectionId={connectionId}
            initial={toValues(panel.drawing, 'panel')}
            inPanel
            onSubmit={({ code: _, pinned: _p, ...drawing }) => onApply({ ...panel, drawing: chartDrawing.parse(drawing) })}
          />
        );
      case 'text':
        return <TextForm form={form} panel={panel} onApply={onApply} />;
      case 'logs':
        return <LogsForm form={form} panel={panel} onApply={onApply} />;
    }
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('panelSettings')}
      footer={
        <>
          <Button onClick={onClose}>{kit('cancel')}</Button>
          <Button variant="primary" type="submit" form={form}>
            {t('apply')}
          </Button>
        </>
      }
    >
      {part()}
    </Sheet>
  );
}

function LibraryForm({ form, panel, charts, onApply }: PartProps<'library'> & { charts: readonly Chart[] }) {
  const t = useText(words);
  const schema = useMemo(
    () =>
      z.object({
        title: z.string().max(120),
        chart: z.string().min(1),
        values: z.string().refine((text) => variableValues.safeParse(readLabels(text)).success, t('fixedWrong')),
      }),
    [t],
  );
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(schema),
    defaultValues: { title: panel.title ?? '', chart: panel.chart, values: printLabels(panel.values) },
  });
  const { errors } = formState;
  const known = charts.some(({ code }) => code === panel.chart);
  return (
    <form
      id={form}
      noValidate
      className="flex flex-col gap-4 pt-2"
      onSubmit={handleSubmit(({ title, chart, values }) => {
        const { title: _, ...rest } = panel;
        onApply({ ...rest, chart, values: readLabels(values) ?? {}, ...(title.trim() === '' ? {} : { title: title.trim() }) });
      })}
    >
      <Field label={t('chart')} error={errors.chart?.message}>
        <Select {...register('chart')}>
          {!known && <option value={panel.chart}>{panel.chart}</option>}
          {charts.map(({ code, title }) => (
            <option key={code} value={code}>
              {title}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('title')} hint={t('titleOverHint')} error={errors.title?.message}>
        <Input {...register('title')} maxLength={120} autoComplete="off" />
      </Field>
      <Field label={t('fixed')} hint={t('fixedHint')} error={errors.values?.message}>
        <Input {...register('values')} dir="ltr" autoComplete="off" spellCheck={false} />
      </Field>
    </form>
  );
}

function TextForm({ form, panel, onApply }: PartProps<'text'>) {
  const t = useText(words);
  const { register, handleSubmit } = useForm({ defaultValues: { title: panel.title, markdown: panel.markdown } });
  return (
    <form
      id={form}
      noValidate
      className="flex h-full flex-col gap-4 pt-2"
      onSubmit={handleSubmit(({ title, markdown }) => onApply({ ...panel, title: title.trim(), markdown }))}
    >
      <Field label={t('title')}>
        <Input {...register('title')} maxLength={120} autoComplete="off" />
      </Field>
      <Field label={t('markdown')} className="min-h-0 flex-1">
        <Textarea {...register('markdown')} dir="auto" maxLength={20_000} className="min-h-64 flex-1 font-mono text-sm" />
      </Field>
    </form>
  );
}

function LogsForm({ form, panel, onApply }: PartProps<'logs'>) {
  const t = useText(words);
  const { register, handleSubmit } = useForm({ defaultValues: { title: panel.title, query: panel.query } });
  return (
    <form
      id={form}
      noValidate
      className="flex flex-col gap-4 pt-2"
      onSubmit={handleSubmit(({ title, query }) => onApply({ ...panel, title: title.trim(), query: query.trim() }))}
    >
      <Field label={t('title')}>
        <Input {...register('title')} maxLength={120} autoComplete="off" />
      </Field>
      <Field label={t('logQuery')} hint={t('noLogsAny')}>
        <Textarea {...register('query')} dir="ltr" maxLength={4_000} rows={3} className="font-mono text-sm" />
      </Field>
    </form>
  );
}
