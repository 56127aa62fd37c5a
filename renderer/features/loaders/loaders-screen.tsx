import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import type { Seen } from '#common/contract/console/seen.ts';
import type { Loader } from '#common/contract/loaders.ts';
import { useAddress, useConnection } from '#renderer/domain/address.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { queryKeys, useConsole, useLoaders } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { ScrollArea } from '#renderer/ui/parts.tsx';
import { Empty, ErrorState, Loading, Stale } from '#renderer/ui/states.tsx';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { EditSheet } from './edit-sheet.tsx';
import { LoaderDetail } from './loader-detail.tsx';
import { LoaderTable } from './loader-table.tsx';
import { words } from './words.ts';

export const loadersAddress = z.object({ loader: z.string().optional() });

/** What brings the data in: each loader's state and runs, with pause, resume and run now. */
export function LoadersScreen() {
  const t = useText(words);
  const { connection } = useConnection();
  const { loaders: service } = useConsole();
  const queries = useQueryClient();
  const [{ loader: code }, set] = useAddress(loadersAddress);
  const { data, error, refetch } = useLoaders(connection?.id);
  const denied = usePermission(connection, 'OPERATOR', true);
  const editDenied = usePermission(connection, 'ADMIN', true);
  const [editing, setEditing] = useState(false);
  const loaders = data?.value ?? [];
  const selected = loaders.find((one) => one.code === code);

  const step = (by: number) => {
    const at = loaders.findIndex((one) => one.code === code);
    const next = loaders[at === -1 ? 0 : Math.min(loaders.length - 1, Math.max(0, at + by))];
    if (next) set({ loader: next.code }, code !== undefined);
  };
  useKeys('screen', [
    { keys: 'j', title: t('next'), run: () => step(1) },
    { keys: 'k', title: t('previous'), run: () => step(-1) },
    { keys: 'ArrowDown', title: t('next'), run: () => step(1), hidden: true },
    { keys: 'ArrowUp', title: t('previous'), run: () => step(-1), hidden: true },
    { keys: 'Escape', title: t('close'), run: () => set({ loader: undefined }) },
  ]);

  if (error && !data) return <ErrorState title={t('readFailed')} error={error} retry={() => void refetch()} />;
  if (!data || !connection) return <Loading rows={6} />;
  if (loaders.length === 0) return <Empty className="h-full">{t(data.asOf === null ? 'never' : 'empty')}</Empty>;

  const connectionId = connection.id;
  const keep = (changed: Loader) =>
    queries.setQueryData<Seen<Loader[]>>(queryKeys.loaders(connectionId), (before) =>
      before ? { ...before, value: before.value.map((one) => (one.code === changed.code ? changed : one)) } : before,
    );
  const act = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (failure) {
      toastError(t('actFailed'), failure);
    } finally {
      await queries.invalidateQueries({ queryKey: ['loader-runs', connectionId] });
    }
  };
  const run = (loader: Loader) =>
    act(async () => {
      const { error: failure, rowsLoaded } = await service.run({ connectionId, code: loader.code });
      if (failure) toast({ message: t('ranFailed', { reason: failure.message }), detail: failure.hint ?? '', tone: 'problem' });
      else toast({ message: t('ran', { count: rowsLoaded }), lastsMs: 4_000 });
    });
  const pause = (loader: Loader) =>
    act(async () => {
      keep(await service.pause({ connectionId, code: loader.code }));
      toast({ message: t('paused', { name: loader.name }), action: { label: t('resume'), run: () => void resume(loader) } });
    });
  const resume = (loader: Loader) =>
    act(async () => {
      keep(await service.resume({ connectionId, code: loader.code }));
      toast({ message: t('resumed', { name: loader.name }), lastsMs: 4_000 });
    });
  return (
    <div className="flex h-full min-w-0">
      <ScrollArea className="@container min-w-96 flex-1">
        <Stale stale={connection.state !== 'live'} asOf={data.asOf}>
          <LoaderTable loaders={loaders} selected={code} onSelect={(next) => set({ loader: next }, code !== undefined)} />
        </Stale>
      </ScrollArea>
      {code !== undefined && (
        <aside className="flex w-[clamp(28rem,48%,56rem)] shrink-0 flex-col border-s bg-surface">
          {selected ? (
            <LoaderDetail
              loader={selected}
              connection={connection}
              disabledReason={denied}
              editDisabledReason={editDenied}
              onEdit={() => setEditing(true)}
              onRun={() => void run(selected)}
              onPause={() => void pause(selected)}
              onResume={() => void resume(selected)}
              onClose={() => set({ loader: undefined })}
            />
          ) : (
            <Empty className="h-full">{t('unknown', { code })}</Empty>
          )}
        </aside>
      )}
      {editing && selected && (
        <EditSheet
          key={selected.code}
          loader={selected}
          connection={connection}
          onClose={() => setEditing(false)}
          onSaved={(changed) => {
            keep(changed);
            setEditing(false);
          }}
        />
      )}
    </div>
  );
}
