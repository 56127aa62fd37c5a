import { useState } from 'react';
import { z } from 'zod';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Loader } from '#common/contract/loaders.ts';
import { useAddress, useConnection } from '#renderer/domain/address.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { useLoaders } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { ScrollArea } from '#renderer/ui/parts.tsx';
import { Empty, ErrorState, Loading, Stale } from '#renderer/ui/states.tsx';
import { EditSheet } from './edit-sheet.tsx';
import { LoaderDetail } from './loader-detail.tsx';
import { LoaderTable } from './loader-table.tsx';
import { useLoaderActions } from './use-loader-actions.ts';
import { words } from './words.ts';

const noLoaders: Loader[] = [];
export const loadersAddress = z.object({ loader: z.string().optional() });

/** The loaders with their state and runs, and the actions pause, resume and run now. */
export function LoadersScreen() {
  const t = useText(words);
  const { connection } = useConnection();
  const { data, error, refetch } = useLoaders(connection?.id);
  const loaders = data?.value ?? noLoaders;
  const selection = useSelection(loaders);
  const { code, step, select, close } = selection;
  useKeys('screen', [
    { keys: 'j', title: t('next'), run: () => step(1) },
    { keys: 'k', title: t('previous'), run: () => step(-1) },
    { keys: 'ArrowDown', title: t('next'), run: () => step(1), hidden: true },
    { keys: 'ArrowUp', title: t('previous'), run: () => step(-1), hidden: true },
    { keys: 'Escape', title: t('close'), run: close },
  ]);

  if (error && !data) return <ErrorState title={t('readFailed')} error={error} retry={() => void refetch()} />;
  if (!data || !connection) return <Loading rows={6} />;
  if (loaders.length === 0) return <Empty className="h-full">{t(data.asOf === null ? 'never' : 'empty')}</Empty>;
  return (
    <div className="flex h-full min-w-0">
      <ScrollArea className="@container min-w-96 flex-1">
        <Stale stale={connection.state !== 'live'} asOf={data.asOf}>
          <LoaderTable loaders={loaders} selected={code} onSelect={select} />
        </Stale>
      </ScrollArea>
      {code !== undefined && <LoaderPane code={code} loader={selection.loader} connection={connection} onClose={close} />}
    </div>
  );
}

/** Returns the loader next to the list, which the address names. */
function useSelection(loaders: readonly Loader[]) {
  const [{ loader: code }, set] = useAddress(loadersAddress);
  const select = (next: string) => set({ loader: next }, code !== undefined);
  const step = (by: number) => {
    const at = loaders.findIndex((one) => one.code === code);
    const next = loaders[at === -1 ? 0 : Math.min(loaders.length - 1, Math.max(0, at + by))];
    if (next) select(next.code);
  };
  return { code, loader: loaders.find((one) => one.code === code), select, step, close: () => set({ loader: undefined }) };
}

interface LoaderPaneProps {
  code: string;
  /** Undefined if there is no loader with this code. */
  loader: Loader | undefined;
  connection: Connection;
  onClose: () => void;
}

/** One loader with its actions, and its sheet while it is edited. */
function LoaderPane({ code, loader, connection, onClose }: LoaderPaneProps) {
  const t = useText(words);
  const { keep, run, pause, resume } = useLoaderActions(connection.id);
  const denied = usePermission(connection, 'OPERATOR', true);
  const editDenied = usePermission(connection, 'ADMIN', true);
  const [editing, setEditing] = useState(false);
  return (
    <>
      <aside className="flex w-[clamp(28rem,48%,56rem)] shrink-0 flex-col border-s bg-surface">
        {loader ? (
          <LoaderDetail
            loader={loader}
            connection={connection}
            disabledReason={denied}
            editDisabledReason={editDenied}
            onEdit={() => setEditing(true)}
            onRun={() => void run(loader)}
            onPause={() => void pause(loader)}
            onResume={() => void resume(loader)}
            onClose={onClose}
          />
        ) : (
          <Empty className="h-full">{t('unknown', { code })}</Empty>
        )}
      </aside>
      {editing && loader && (
        <EditSheet
          key={loader.code}
          loader={loader}
          connection={connection}
          onClose={() => setEditing(false)}
          onSaved={(changed) => {
            keep(changed);
            setEditing(false);
          }}
        />
      )}
    </>
  );
}
