import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { useConnection } from '#renderer/domain/address.ts';
import { places } from '#renderer/domain/places.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { Empty, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { ChartDetail } from './chart-detail.tsx';
import { ChartList } from './chart-list.tsx';
import { Dialogs } from './dialogs.tsx';
import { LibraryBar } from './library-bar.tsx';
import { type Library, useLibrary, useLibraryDialog } from './use-library.ts';
import { words } from './words.ts';

/** The chart definitions of a connection: a list, and the chosen one next to it. */
export function LibraryScreen() {
  const t = useText(words);
  const { connection } = useConnection();
  const library = useLibrary(connection?.id);
  const dialog = useLibraryDialog(connection, library);
  const search = useRef<HTMLInputElement>(null);
  const { step, select } = library;
  useKeys('screen', [
    { keys: 'j', title: t('next'), run: () => step(1) },
    { keys: 'k', title: t('previous'), run: () => step(-1) },
    { keys: 'f', title: t('focusSearch'), run: () => search.current?.focus() },
    { keys: 'n', title: t('newChart'), run: dialog.ask('new') },
    { keys: 'e', title: t('edit'), run: dialog.ask('edit') },
    { keys: 'd', title: t('duplicate'), run: dialog.ask('duplicate') },
    { keys: 'Delete', title: t('delete'), run: dialog.ask('delete') },
    { keys: 'i', title: t('importCharts'), run: dialog.ask('import') },
    { keys: 'Escape', title: t('close'), run: () => select(undefined) },
  ]);

  const { address, setAddress, data, error, chart, all } = library;
  if (error && !data) return <ErrorState title={t('readFailed')} error={error} retry={() => void library.refetch()} />;
  if (!connection || !data) return <Loading />;
  const isChosen = address.code !== undefined;
  return (
    <div className="flex h-full flex-col">
      <LibraryBar connection={connection} library={library} dialog={dialog} search={search} />
      <div className={cn('grid min-h-0 flex-1', isChosen && 'grid-cols-[minmax(20rem,2fr)_5fr]')}>
        <div className={cn('min-h-0 overflow-auto', connection.state !== 'live' && 'hatched-edge ps-3')}>
          <FoundCharts connectionId={connection.id} library={library} />
        </div>
        {isChosen && (
          <div className="min-h-0 min-w-0 border-s bg-surface">
            {chart ? (
              <ChartDetail
                key={chart.code}
                connection={connection}
                chart={chart}
                charts={all}
                tab={address.tab}
                version={address.version}
                onTab={(tab) => setAddress({ tab }, true)}
                onVersion={(version) => setAddress({ version }, true)}
                onEdit={() => dialog.setOpen('edit')}
                onDuplicate={() => dialog.setOpen('duplicate')}
                onDelete={() => dialog.setOpen('delete')}
                onClose={() => select(undefined)}
              />
            ) : (
              <Empty className="h-full">{t('unknown', { code: address.code ?? '' })}</Empty>
            )}
          </div>
        )}
      </div>
      <Dialogs open={dialog.open} connectionId={connection.id} library={library} onClose={dialog.close} />
    </div>
  );
}

/** The charts that match the search, or a hint if there are none. */
function FoundCharts({ connectionId, library }: { connectionId: string; library: Library }) {
  const t = useText(words);
  const navigate = useNavigate();
  const { address, setAddress, all, shown, select } = library;
  if (all.length === 0) {
    if (library.data?.asOf === null) return <Empty>{t('never')}</Empty>;
    return <Empty action={<Button onClick={() => void navigate(places.explore())}>{t('toExplore')}</Button>}>{t('empty')}</Empty>;
  }
  if (shown.length === 0) {
    const clear = <Button onClick={() => setAddress({ q: undefined }, true)}>{t('clear')}</Button>;
    return <Empty action={clear}>{t('noMatch', { text: address.q ?? '' })}</Empty>;
  }
  const { code } = address;
  return <ChartList connectionId={connectionId} charts={shown} selected={code} narrow={code !== undefined} onSelect={select} />;
}
