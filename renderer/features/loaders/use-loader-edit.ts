import { useState } from 'react';
import { type Loader, type LoaderPreview, type LoaderUpdate, loaderUpdate } from '#common/contract/loaders.ts';
import { hidden } from '#common/contract/sources.ts';
import { useConsole } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { words } from './words.ts';

type Draft = Pick<LoaderUpdate, 'name' | 'sql' | 'timeZone'>;

/** Returns the definition to store. Everything that can't be edited here stays as it was read. */
function definitionOf({ code, sourceCode, intervalMs, historyMs, overlapMs, unit, version }: Loader, draft: Draft): LoaderUpdate {
  return { code, sourceCode, intervalMs, historyMs, overlapMs, unit, version, ...draft };
}

/** Holds a loader's name, SQL and time zone as typed, their problems, and the preview of the SQL. */
export function useLoaderEdit(loader: Loader, connectionId: string, onSaved: (changed: Loader) => void) {
  const t = useText(words);
  const { loaders: service } = useConsole();
  // SQL that can't be read must be entered again; hidden SQL is kept by leaving it out.
  const [draft, setDraft] = useState<Draft>({ name: loader.name, sql: loader.sql === hidden ? '' : loader.sql, timeZone: loader.timeZone });
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<LoaderPreview | null>(null);
  const definition = definitionOf(loader, draft);
  const issues = new Set(loaderUpdate.safeParse(definition).error?.issues.map(({ path }) => path[0]));
  const wrong = {
    name: issues.has('name') ? t('nameMissing') : undefined,
    sql: issues.has('sql') ? t('sqlMissing') : undefined,
    timeZone: issues.has('timeZone') ? t('timeZoneUnknown') : undefined,
  };
  const previewRefused = busy ? t('working') : (wrong.sql ?? wrong.timeZone);
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
      setResult(await service.preview({ connectionId, request: { sourceCode, sql: draft.sql, timeZone: draft.timeZone } }));
    });
  const save = async () => {
    if (issues.size > 0) return;
    await during(async () => {
      const changed = await service.update({ connectionId, definition });
      onSaved(changed);
      toast({ message: t('saved', { name: changed.name }), lastsMs: 4_000 });
    });
  };
  return {
    draft,
    change: (part: Partial<Draft>) => setDraft({ ...draft, ...part }),
    wrong,
    previewRefused,
    saveRefused: previewRefused ?? wrong.name,
    /** Saving will load everything again. */
    reloads: draft.sql !== loader.sql || draft.timeZone !== loader.timeZone,
    result,
    preview,
    save,
  };
}
