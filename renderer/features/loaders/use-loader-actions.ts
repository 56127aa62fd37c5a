import { useQueryClient } from '@tanstack/react-query';
import type { Cached } from '#common/contract/console/cached.ts';
import type { Loader } from '#common/contract/loaders.ts';
import { queryKeys, useConsole } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { words } from './words.ts';

/** Runs, pauses and resumes a loader, and shows the result. `keep` puts a changed loader into the cached list. */
export function useLoaderActions(connectionId: string) {
  const t = useText(words);
  const { loaders: service } = useConsole();
  const queries = useQueryClient();
  const keep = (changed: Loader) => {
    queries.setQueryData<Cached<Loader[]>>(queryKeys.loaders(connectionId), (before) =>
      before ? { ...before, value: before.value.map((one) => (one.code === changed.code ? changed : one)) } : before,
    );
  };
  const act = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (failure) {
      toastError(t('actFailed'), failure);
    } finally {
      await queries.invalidateQueries({ queryKey: ['loader-runs', connectionId] });
    }
  };
  const run = ({ code }: Loader) =>
    act(async () => {
      const { error: failure, rowsLoaded } = await service.run({ connectionId, code });
      if (failure) toast({ message: t('ranFailed', { reason: failure.message }), detail: failure.hint ?? '', tone: 'problem' });
      else toast({ message: t('ran', { count: rowsLoaded }), lastsMs: 4_000 });
    });
  const pause = (loader: Loader) =>
    act(async () => {
      keep(await service.pause({ connectionId, code: loader.code }));
      toast({ message: t('paused', { name: loader.name }), action: { label: t('resume'), run: () => void resume(loader) } });
    });
  const resume = ({ code, name }: Loader) =>
    act(async () => {
      keep(await service.resume({ connectionId, code }));
      toast({ message: t('resumed', { name }), lastsMs: 4_000 });
    });
  return { keep, run, pause, resume };
}
