import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useId, useMemo } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { type Dashboard, dashboardBody, folder } from '#common/contract/dashboards.ts';
import { useConsole } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { words as common } from '#renderer/ui/words.ts';
import { codeFor } from './tree.ts';
import { words } from './words.ts';

interface Values {
  title: string;
  folder: string;
}
interface CreateProps {
  connectionId: string;
  /** Codes that exist already. */
  taken: readonly string[];
  folder: string;
  onCreated: (dashboard: Dashboard) => void;
  onClose: () => void;
}

/** Creates an empty dashboard from a title. */
export function CreateDialog({ connectionId, taken, folder: inFolder, onCreated, onClose }: CreateProps) {
  const t = useText(words);
  const kit = useText(common);
  const form = useId();
  const { dashboards } = useConsole();
  const schema = useMemo(() => z.object({ title: z.string().trim().min(1, t('titleMissing')).max(120), folder }), [t]);
  const { register, handleSubmit, watch, formState } = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { title: '', folder: inFolder },
  });
  const code = codeFor(watch('title'), taken);
  const create = useMutation({
    mutationFn: async (values: Values) => {
      const outcome = await dashboards.save({ connectionId, body: dashboardBody.parse({ code, ...values }), version: null });
      return outcome.state === 'conflict' ? outcome.theirs : outcome.dashboard;
    },
    onSuccess: onCreated,
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('createTitle')}
      footer={
        <>
          <Button onClick={onClose}>{kit('cancel')}</Button>
          <Button variant="primary" type="submit" form={form} disabledReason={create.isPending ? t('saving') : undefined}>
            {t('create')}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={handleSubmit((values) => create.mutate(values))} className="flex flex-col gap-4 pt-1">
        <Field label={t('title')} error={formState.errors.title?.message}>
          <Input {...register('title')} maxLength={120} autoFocus autoComplete="off" />
        </Field>
        <Field label={t('folder')} hint={t('folderHint')} error={formState.errors.folder?.message}>
          <Input {...register('folder')} autoComplete="off" />
        </Field>
        <p className="text-faint text-sm">
          {t('code')}: <span dir="ltr">{code}</span>
        </p>
      </form>
      {create.error && <ErrorState title={t('saveFailed')} error={create.error} className="px-0" />}
    </Dialog>
  );
}
