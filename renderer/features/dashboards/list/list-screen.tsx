import { useNavigate } from '@tanstack/react-router';
import { Download, Plus } from 'lucide-react';
import { useCallback, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { DashboardSummary } from '#common/contract/dashboards.ts';
import { useAddress } from '#renderer/domain/address.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { useConsole, useDashboards, useDrafts } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Confirm } from '#renderer/ui/confirm.tsx';
import { saveFile } from '#renderer/ui/export.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { useKeys } from '#renderer/ui/keys.ts';
import { Kbd, ScrollArea } from '#renderer/ui/parts.tsx';
import { Empty, ErrorState, Loading, Stale } from '#renderer/ui/states.tsx';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { Segmented } from '#renderer/ui/toggles.tsx';
import { listAddress } from '../address.ts';
import { ThumbnailPainter } from '../export/thumbnail.tsx';
import { bodyOf, useAskAgain } from '../use-change.ts';
import { Card } from './card.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { FolderRail } from './folder-rail.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { pictures } from './pictures.ts';
import { codeFor, treeOf, wantedOf } from './tree.ts';
import { words } from './words.ts';

type Open = { what: 'create' } | { what: 'import' } | { what: 'delete'; dashboard: DashboardSummary } | null;

/** Draws the thumbnails that visible cards need, one at a time. */
function Studio({ connection }: { connection: Connection }) {
  const queue = useSyncExternalStore(pictures.subscribe, pictures.queue);
  const next = queue.find(({ connectionId }) => connectionId === connection.id);
  const key = next?.key;
  const done = useCallback((image: string | null) => key !== undefined && pictures.done(key, image), [key]);
  if (!next || connection.state !== 'live') return null;
  return <ThumbnailPainter key={next.key} connection={connection} code={next.code} theme={next.theme} keep={next.keep} onDone={done} />;
}

/** Every dashboard of the connection, by folder. */
export function ListScreen({ connection }: { connection: Connection }) {
  const t = useText(words);
  const navigate = useNavigate();
  const { dashboards: service } = useConsole();
  const connectionId = connection.id;
  const { data, error, refetch } = useDashboards(connectionId);
  const drafts = useDrafts(connectionId).data ?? [];
  const askAgain = useAskAgain(connectionId);
  const [address, set] = useAddress(listAddress);
  const [open, setOpen] = useState<Open>(null);
  const [selected, setSelected] = useState<string | undefined>();
  const search = useRef<HTMLInputElement>(null);
  const changeDenied = usePermission(connection, 'OPERATOR', true);
  const starDenied = usePermission(connection, 'VIEWER', true);
  const all = useMemo(() => data?.value ?? [], [data]);
  const shown = useMemo(() => wantedOf(all, address), [all, address]);
  const tree = useMemo(() => treeOf(all), [all]);
  const taken = all.map(({ code }) => code);
  const current = shown.find(({ code }) => code === selected);

  const openOne = (code: string, edit = false) => void navigate(places.dashboard(code, { edit: edit || undefined }, true));
  const act = async (work: () => Promise<void>) => {
    try {
      await work();
      await askAgain();
    } catch (failure) {
      toastError(t('actFailed'), failure);
    }
  };
  const star = ({ code, starred }: DashboardSummary) => act(() => service.star({ connectionId, code, starred: !starred }));
  const duplicate = ({ code }: DashboardSummary) =>
    act(async () => {
      const { value } = await service.get({ connectionId, code });
      if (!value) return;
      const title = t('copyOf', { title: value.title }).slice(0, 120);
      const copy = codeFor(title, taken);
      await service.save({ connectionId, body: { ...bodyOf(value), title, code: copy }, version: null });
      setSelected(copy);
    });
  const exportOne = ({ code }: DashboardSummary) =>
    act(async () => {
      const { name, text } = await service.export({ connectionId, code });
      saveFile(name, text, 'application/json');
    });
  const remove = ({ code, title }: DashboardSummary) =>
    act(async () => {
      const { value } = await service.get({ connectionId, code });
      await service.remove({ connectionId, code });
      const bringBack = () =>
        act(async () => {
          if (value) await service.save({ connectionId, body: bodyOf(value), version: null });
          toast({ message: t('broughtBack', { title }), lastsMs: 4_000 });
        });
      toast({ message: t('deleted', { title }), ...(value ? { action: { label: t('undo'), run: () => void bringBack() } } : {}) });
    });

  const stepTo = (by: number) => {
    const at = shown.findIndex(({ code }) => code === selected);
    setSelected(shown[at === -1 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by))]?.code);
  };
  useKeys('screen', [
    { keys: 'j', title: t('next'), run: () => stepTo(1) },
    { keys: 'k', title: t('previous'), run: () => stepTo(-1) },
    { keys: 'ArrowRight', title: t('next'), run: () => stepTo(document.dir === 'rtl' ? -1 : 1), hidden: true },
    { keys: 'ArrowLeft', title: t('previous'), run: () => stepTo(document.dir === 'rtl' ? 1 : -1), hidden: true },
    { keys: '/', title: t('search'), run: () => search.current?.focus() },
    ...(current ? [{ keys: 'Enter', title: t('open'), run: () => openOne(current.code) }] : []),
    ...(current && starDenied === undefined ? [{ keys: '*', title: t('star'), run: () => void star(current) }] : []),
    ...(changeDenied === undefined ? [{ keys: 'n', title: t('newDashboard'), run: () => setOpen({ what: 'create' }) }] : []),
  ]);

  if (error && !data) return <ErrorState title={t('readFailed')} error={error} retry={() => void refetch()} />;
  if (!data) return <Loading rows={6} />;
  const buttons = (
    <>
      <Button onClick={() => setOpen({ what: 'import' })} disabledReason={changeDenied}>
        <Download size="0.875rem" />
        {t('import')}
      </Button>
      <Button variant="primary" onClick={() => setOpen({ what: 'create' })} disabledReason={changeDenied}>
        <Plus size="0.875rem" />
        {t('newDashboard')}
        <Kbd keys="n" className="ms-1 opacity-80 [&>span]:border-current [&>span]:text-on-accent" />
      </Button>
    </>
  );
  return (
    <div className="flex h-full min-w-0">
      <FolderRail
        tree={tree}
        starredCount={all.filter((one) => one.starred).length}
        folder={address.folder}
        starred={address.starred === true}
        onChoose={(choice) => set({ folder: undefined, starred: undefined, ...choice })}
      />
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
          <Input
            ref={search}
            type="search"
            aria-label={t('search')}
            placeholder={`${t('search')}…`}
            className="w-72"
            value={address.search ?? ''}
            onChange={(event) => set({ search: event.target.value === '' ? undefined : event.target.value }, true)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              set({ search: undefined }, true);
              event.currentTarget.blur();
            }}
          />
          <Segmented
            label={t('sortBy')}
            value={address.sort}
            options={[
              { value: 'title', label: t('byTitle') },
              { value: 'changed', label: t('byChanged') },
            ]}
            onChange={(sort) => set({ sort: sort === 'title' ? undefined : sort }, true)}
          />
          <span className="flex-1" />
          {buttons}
        </header>
        <ScrollArea className="flex-1">
          <Stale stale={connection.state !== 'live'} asOf={data.asOf} className="min-h-full p-4">
            {all.length === 0 && (
              <Empty action={data.asOf === null ? undefined : buttons}>{t(data.asOf === null ? 'never' : 'empty')}</Empty>
            )}
            {all.length > 0 && shown.length === 0 && (
              <Empty>{t('noMatch', { text: address.search ?? address.folder ?? t('starred') })}</Empty>
            )}
            <div className="grid grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] gap-4">
              {shown.map((one) => (
                <Card
                  key={one.code}
                  connection={connection}
                  dashboard={one}
                  selected={one.code === selected}
                  draft={drafts.some(({ code }) => code === one.code)}
                  starDenied={starDenied}
                  changeDenied={changeDenied}
                  onSelect={() => setSelected(one.code)}
                  onStar={() => void star(one)}
                  onDuplicate={() => void duplicate(one)}
                  onExport={() => void exportOne(one)}
                  onDelete={() => setOpen({ what: 'delete', dashboard: one })}
                />
              ))}
            </div>
          </Stale>
        </ScrollArea>
      </div>
      <Studio connection={connection} />
      {open?.what === 'create' && (
        <CreateDialog
          connectionId={connectionId}
          taken={taken}
          folder={address.folder ?? ''}
          onCreated={({ code }) => openOne(code, true)}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.what === 'import' && (
        <ImportDialog
          connectionId={connectionId}
          taken={taken}
          folder={address.folder ?? ''}
          onImported={({ dashboard }) => {
            setOpen(null);
            toast({
              message: t('imported', { title: dashboard.title }),
              action: { label: t('open'), run: () => openOne(dashboard.code) },
            });
            void askAgain();
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.what === 'delete' && (
        <Confirm
          danger
          title={t('deleteTitle', { title: open.dashboard.title })}
          action={t('delete')}
          onConfirm={() => void remove(open.dashboard)}
          onClose={() => setOpen(null)}
        >
          {t('deleteAbout')}
        </Confirm>
      )}
    </div>
  );
}
