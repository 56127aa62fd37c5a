import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useId, useMemo, useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { type Connection, type ConnectionInput, connectionInput } from '#common/contract/console/connections.ts';
import { useConsole } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { type Translate, useText } from '#renderer/ui/i18n.ts';
import { Input, Textarea } from '#renderer/ui/input.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { words } from '#renderer/ui/words.ts';
import { messages, type SettingsKey } from '../messages.ts';
import { Steps } from './steps.tsx';

interface Values {
  name: string;
  url: string;
  ca: string;
  username: string;
  password: string;
}

/** The contract's validation with translated messages. */
function formSchema(t: Translate<SettingsKey>) {
  const is = (schema: z.ZodType, message: string) => (value: string, context: z.RefinementCtx) => {
    if (!schema.safeParse(value).success) context.addIssue({ code: 'custom', message });
  };
  const { name, url } = connectionInput.shape;
  return z.object({
    name: z
      .string()
      .trim()
      .superRefine(is(name, t('nameMissing'))),
    url: z
      .string()
      .trim()
      .superRefine(is(url, t('urlWrong'))),
    ca: z
      .string()
      .trim()
      .refine((pem) => pem === '' || pem.startsWith('-----BEGIN CERTIFICATE-----'), t('caWrong')),
    username: z.string(),
    password: z.string(),
  });
}

const toInput = ({ name, url, ca }: Values): ConnectionInput => ({ name, url: url.replace(/\/+$/, ''), ...(ca === '' ? {} : { ca }) });

/** Holds the form of a connection, saves it, and tests what is typed. */
function useConnectionForm(connection: Connection | null, onSaved: () => void) {
  const t = useText(messages);
  const { connections } = useConsole();
  const schema = useMemo(() => formSchema(t), [t]);
  const [tested, setTested] = useState<Values | null>(null);
  const { register, handleSubmit, formState } = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { name: connection?.name ?? '', url: connection?.url ?? '', ca: '', username: '', password: '' },
    mode: 'onTouched',
  });
  const save = useMutation({
    mutationFn: (values: Values) =>
      connection ? connections.update({ ...toInput(values), id: connection.id }) : connections.add(toInput(values)),
    onSuccess: onSaved,
  });
  const test = useMutation({
    mutationFn: (values: Values) =>
      connections.test({
        ...toInput(values),
        ...(values.username === '' ? {} : { username: values.username }),
        ...(values.password === '' ? {} : { password: values.password }),
      }),
    onMutate: setTested,
  });
  return { register, handleSubmit, errors: formState.errors, save, test, tested };
}

/** Adds or edits a connection. The test runs its named steps without saving anything. */
export function ConnectionSheet({ connection, onClose }: { connection: Connection | null; onClose: () => void }) {
  const t = useText(messages);
  const common = useText(words);
  const form = useId();
  const { register, handleSubmit, errors, save, test, tested } = useConnectionForm(connection, onClose);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={connection ? t('editConnection', { name: connection.name }) : t('addConnection')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button onClick={handleSubmit((values) => test.mutate(values))} disabledReason={test.isPending ? t('testing') : undefined}>
            {test.isPending ? t('testing') : t('runTest')}
          </Button>
          <Button variant="primary" type="submit" form={form} disabledReason={save.isPending ? t('saving') : undefined}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={handleSubmit((values) => save.mutate(values))} className="flex flex-col gap-4 pt-2">
        <Field label={t('name')} error={errors.name?.message}>
          <Input {...register('name')} maxLength={80} autoFocus />
        </Field>
        <Field label={t('url')} hint={t('urlHint')} error={errors.url?.message}>
          <Input {...register('url')} dir="ltr" inputMode="url" autoComplete="off" />
        </Field>
        <Field label={t('ca')} hint={t(connection ? 'caKept' : 'caHint')} error={errors.ca?.message}>
          <Textarea {...register('ca')} dir="ltr" rows={3} className="font-mono text-xs" spellCheck={false} />
        </Field>
        <div className="grid grid-cols-2 gap-3">
          <Field label={t('testUser')} hint={t('testHint')}>
            <Input {...register('username')} dir="ltr" autoComplete="off" />
          </Field>
          <Field label={t('testPassword')}>
            <Input {...register('password')} type="password" dir="ltr" autoComplete="off" />
          </Field>
        </div>
      </form>
      {save.error && <ErrorState title={t('saveFailed')} error={save.error} className="px-0" />}
      {test.error && tested && <ErrorState title={t('runTest')} error={test.error} retry={() => test.mutate(tested)} className="px-0" />}
      {test.data && <Steps steps={test.data} />}
    </Sheet>
  );
}
