import { type FormEvent, useId, useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import { type Loader, type LoaderPreview, type LoaderUpdate, loaderUpdate } from '#common/contract/loaders.ts';
import { hidden } from '#common/contract/sources.ts';
import { useConsole } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Textarea } from '#renderer/ui/input.tsx';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { PreviewResult } from './preview-result.tsx';
import { words } from './words.ts';

interface EditSheetProps {
  loader: Loader;
  connection: Connection;
  onSaved: (changed: Loader) => void;
  onClose: () => void;
}

type Draft = Pick<LoaderUpdate, 'name' | 'sql' | 'timeZone'>;

/** What the backend is to store: everything that isn't edited here stays as it was read. */
function definitionOf({ code, sourceCode, intervalMs, historyMs, overlapMs, unit, version }: Loader, draft: Draft): LoaderUpdate {
  return { code, sourceCode, intervalMs, historyMs, overlapMs, unit, version, ...draft };
}

/** Changes a loader's name, SQL and time zone, with a preview of what the SQL brings. */
export function EditSheet({ loader, connection, onSaved, onClose }: EditSheetProps) {
  const t = useText(words);
  const { loaders: service } = useConsole();
  const form = useId();
  // SQL that can't be read is entered again; it isn't kept by leaving it out of sight.
  const [draft, setDraft] = useState<Draft>({ name: loader.name, sql: loader.sql === hidden ? '' : loader.sql, timeZone: loader.timeZone });
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<LoaderPreview | null>(null);
  const definition = definitionOf(loader, draft);
  const wrong = new Set(loaderUpdate.safeParse(definition).error?.issues.map(({ path }) => path[0]));
  const previewRefused = busy
    ? t('working')
    : wrong.has('sql')
      ? t('sqlMissing')
      : wrong.has('timeZone')
        ? t('timeZoneUnknown')
        : undefined;
  const saveRefused = previewRefused ?? (wrong.has('name') ? t('nameMissing') : undefined);
  const reloads = draft.sql !== loader.sql || draft.timeZone !== loader.timeZone;

  const during = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (failure) {
      toastError(t('actFailed'), failure);
    } finally {
      setBusy(false);
    }
  };
  const preview = () =>
    during(async () => {
      const { sourceCode } = loader;
      setResult(null);
      setResult(await service.preview({ connectionId: connection.id, request: { sourceCode, sql: draft.sql, timeZone: draft.timeZone } }));
    });
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (wrong.size > 0) return;
    void during(async () => {
      const changed = await service.update({ connectionId: connection.id, definition });
      onSaved(changed);
      toast({ message: t('saved', { name: changed.name }), lastsMs: 4_000 });
    });
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
      <form id={form} onSubmit={save} noValidate className="flex flex-col gap-4 pt-2">
        <Field label={t('name')} error={wrong.has('name') ? t('nameMissing') : undefined}>
          <Input value={draft.name} maxLength={120} onChange={({ target }) => setDraft({ ...draft, name: target.value })} />
        </Field>
        <Field label={t('sql')} error={wrong.has('sql') ? t('sqlMissing') : undefined}>
          <Textarea
            dir="ltr"
            rows={12}
            spellCheck={false}
            className="font-mono text-sm [font-variant-ligatures:none]"
            value={draft.sql}
            onChange={({ target }) => setDraft({ ...draft, sql: target.value })}
          />
        </Field>
        <Field label={t('timeZone')} hint={t('timeZoneHint')} error={wrong.has('timeZone') ? t('timeZoneUnknown') : undefined}>
          <Input
            dir="ltr"
            list={`${form}-zones`}
            value={draft.timeZone}
            onChange={({ target }) => setDraft({ ...draft, timeZone: target.value })}
          />
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
