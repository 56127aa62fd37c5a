import { Download, Plus } from 'lucide-react';
import { type RefObject, useRef, useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { DashboardSummary } from '#common/contract/dashboards.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { Kbd, ScrollArea } from '#renderer/ui/parts.tsx';
import { Empty, ErrorState, Loading, Stale } from '#renderer/ui/states.tsx';
import { Card } from './card.tsx';
import { Dialogs, type ListDialog } from './dialogs.tsx';
import { FolderRail } from './folder-rail.tsx';
import { ListBar } from './list-bar.tsx';
import { Studio } from './studio.tsx';
import { type ListActions, useListActions } from './use-actions.ts';
import { type DashboardList, type ListSelection, useDashboardList, useListSelection } from './use-list.ts';
import { words } from './words.ts';

/** Every dashboard of the connection, by folder. */
export function ListScreen({ connection }: { connection: Connection }) {
  const t = useText(words);
  const list = useDashboardList(connection.id);
  const selection = useListSelection(list.shown);
  const actions = useListActions({ connectionId: connection.id, taken: list.codes, onDuplicated: selection.select });
  const [open, setOpen] = useState<ListDialog>(null);
  const search = useRef<HTMLInputElement>(null);
  const changeDenied = usePermission(connection, 'OPERATOR', true);
  const starDenied = usePermission(connection, 'VIEWER', true);
  const create = () => setOpen({ what: 'create' });
  useListKeys({ selection, actions, search, canStar: starDenied === undefined, onCreate: changeDenied === undefined ? create : undefined });

  const { data, error, address, setAddress, all, shown } = list;
  if (error && !data) return <ErrorState title={t('readFailed')} error={error} retry={() => void list.refetch()} />;
  if (!data) return <Loading rows={6} />;
  const buttons = <NewButtons onImport={() => setOpen({ what: 'import' })} onCreate={create} denied={changeDenied} />;
  const isNeverRead = data.asOf === null;
  return (
    <div className="flex h-full min-w-0">
      <FolderRail
        tree={list.tree}
        starredCount={all.filter((one) => one.starred).length}
        folder={address.folder}
        starred={address.starred === true}
        onChoose={(choice) => setAddress({ folder: undefined, starred: undefined, ...choice })}
      />
      <div className="flex min-w-0 flex-1 flex-col">
        <ListBar address={address} setAddress={setAddress} search={search}>
          {buttons}
        </ListBar>
        <ScrollArea className="flex-1">
          <Stale stale={connection.state !== 'live'} asOf={data.asOf} className="min-h-full p-4">
            {all.length === 0 && <Empty action={isNeverRead ? undefined : buttons}>{t(isNeverRead ? 'never' : 'empty')}</Empty>}
            {all.length > 0 && shown.length === 0 && (
              <Empty>{t('noMatch', { text: address.search ?? address.folder ?? t('starred') })}</Empty>
            )}
            <Cards
              connection={connection}
              list={list}
              selection={selection}
              actions={actions}
              onDelete={(dashboard) => setOpen({ what: 'delete', dashboard })}
            />
          </Stale>
        </ScrollArea>
      </div>
      <Studio connection={connection} />
      <Dialogs
        open={open}
        connectionId={connection.id}
        taken={list.codes}
        folder={address.folder ?? ''}
        actions={actions}
        onClose={() => setOpen(null)}
      />
    </div>
  );
}

interface NewButtonsProps {
  onImport: () => void;
  onCreate: () => void;
  denied: string | undefined;
}

/** Buttons that create or import a dashboard. */
function NewButtons({ onImport, onCreate, denied }: NewButtonsProps) {
  const t = useText(words);
  return (
    <>
      <Button onClick={onImport} disabledReason={denied}>
        <Download size="0.875rem" />
        {t('import')}
      </Button>
      <Button variant="primary" onClick={onCreate} disabledReason={denied}>
        <Plus size="0.875rem" />
        {t('newDashboard')}
        <Kbd keys="n" className="ms-1 opacity-80 [&>span]:border-current [&>span]:text-on-accent" />
      </Button>
    </>
  );
}

interface CardsProps {
  connection: Connection;
  list: DashboardList;
  selection: ListSelection;
  actions: ListActions;
  onDelete: (dashboard: DashboardSummary) => void;
}

function Cards({ connection, list, selection, actions, onDelete }: CardsProps) {
  const changeDenied = usePermission(connection, 'OPERATOR', true);
  const starDenied = usePermission(connection, 'VIEWER', true);
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] gap-4">
      {list.shown.map((one) => (
        <Card
          key={one.code}
          connection={connection}
          dashboard={one}
          selected={one.code === selection.code}
          draft={list.drafts.some(({ code }) => code === one.code)}
          starDenied={starDenied}
          changeDenied={changeDenied}
          onSelect={() => selection.select(one.code)}
          onStar={() => void actions.star(one)}
          onDuplicate={() => void actions.duplicate(one)}
          onExport={() => void actions.saveAsFile(one)}
          onDelete={() => onDelete(one)}
        />
      ))}
    </div>
  );
}

interface ListKeysOptions {
  selection: ListSelection;
  actions: ListActions;
  search: RefObject<HTMLInputElement | null>;
  canStar: boolean;
  /** Undefined if the person may not create dashboards. */
  onCreate: (() => void) | undefined;
}

function useListKeys({ selection, actions, search, canStar, onCreate }: ListKeysOptions): void {
  const t = useText(words);
  const { dashboard, step } = selection;
  useKeys('screen', [
    { keys: 'j', title: t('next'), run: () => step(1) },
    { keys: 'k', title: t('previous'), run: () => step(-1) },
    { keys: 'ArrowRight', title: t('next'), run: () => step(document.dir === 'rtl' ? -1 : 1), hidden: true },
    { keys: 'ArrowLeft', title: t('previous'), run: () => step(document.dir === 'rtl' ? 1 : -1), hidden: true },
    { keys: '/', title: t('search'), run: () => search.current?.focus() },
    ...(dashboard ? [{ keys: 'Enter', title: t('open'), run: () => actions.open(dashboard.code) }] : []),
    ...(dashboard && canStar ? [{ keys: '*', title: t('star'), run: () => void actions.star(dashboard) }] : []),
    ...(onCreate ? [{ keys: 'n', title: t('newDashboard'), run: onCreate }] : []),
  ]);
}
