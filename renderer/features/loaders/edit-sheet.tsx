import { type FormEvent, useId } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Loader } from '#common/contract/loaders.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Textarea } from '#renderer/ui/input.tsx';
import { PreviewResult } from './preview-result.tsx';
import { useLoaderEdit } from './use-loader-edit.ts';
import { words } from './words.ts';

interface EditSheetProps {
  loader: Loader;
  connection: Connection;
  onSaved: (changed: Loader) => void;
  onClose: () => void;
}

/** Edits a loader's name, SQL and time zone, with a preview of the rows that the SQL returns. */
export function EditSheet({ loader, connection, onSaved, onClose }: EditSheetProps) {
  const t = useText(words);
  const form = useId();
  const { draft, change, wrong, previewRefused, saveRefused, reloads, result, preview, save } = useLoaderEdit(
    loader,
    connection.id,
    onSaved,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save();
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('edit')}
      description={loader.code}
      className="w-[min(48rem,100vw)]"
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button disabledReason={previewRefused} onClick={() => void preview()}>
            {t('preview')}
          </Button>
          <Button variant="primary" type="submit" form={form} disabledReason={saveRefused}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="flex flex-col gap-4 pt-2">
        <Field label={t('name')} error={wrong.name}>
          <Input value={draft.name} maxLength={120} onChange={({ target }) => change({ name: target.value })} />
        </Field>
        <Field label={t('sql')} error={wrong.sql}>
          <Textarea
            dir="ltr"
            rows={12}
            spellCheck={false}
            className="font-mono text-sm [font-variant-ligatures:none]"
            value={draft.sql}
            onChange={({ target }) => change({ sql: target.value })}
          />
        </Field>
        <Field label={t('timeZone')} hint={t('timeZoneHint')} error={wrong.timeZone}>
          <Input dir="ltr" list={`${form}-zones`} value={draft.timeZone} onChange={({ target }) => change({ timeZone: target.value })} />
        </Field>
        <datalist id={`${form}-zones`}>
          {['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        {reloads && <p className="text-muted">{t('reloads')}</p>}
      </form>
      {result !== null && <PreviewResult result={result} />}
    </Sheet>
  );
}
