import { useNavigate } from '@tanstack/react-router';
import { Braces, Download, Plus, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import { DefinitionSheet } from '#renderer/charts/definition-form/definition-sheet.tsx';
import { definitionOf } from '#renderer/charts/definition-form/values.ts';
import { useAddress, useConnection } from '#renderer/domain/address.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { useCharts, useConsole } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { saveFile } from '#renderer/ui/export.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { useKeys } from '#renderer/ui/keys.ts';
import { Empty, ErrorState, Loading, StaleNote } from '#renderer/ui/states.tsx';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { ChartDetail } from './chart-detail.tsx';
import { ChartList } from './chart-list.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { found, libraryAddress } from './library.ts';
import { words } from './words.ts';

type Opened = 'new' | 'edit' | 'duplicate' | 'delete' | 'import' | null;

/** What a chart begins with that is written by hand. */
const blank: ChartDrawing = {
  title: '',
  description: '',
  selector: { from: 'signal', loaderCode: '' },
  aggregation: 'avg',
  beside: [],
  unit: '',
  type: 'line',
  scale: 'linear',
  stacked: false,
  thresholds: [],
  variables: [],
};

/** The chart definitions of a connection: a list, and the chosen one beside it. */
export function LibraryScreen() {
  const t = useText(words);
  const navigate = useNavigate();
  const { connection } = useConnection();
  const [address, set] = useAddress(libraryAddress);
  const console_ = useConsole();
  const list = useCharts(connection?.id);
  const denied = usePermission(connection, 'OPERATOR', true);
  const [opened, setOpened] = useState<Opened>(null);
  const search = useRef<HTMLInputElement>(null);
  const all = list.data?.charts ?? [];
  const shown = found(all, address.q ?? '');
  const chart = all.find(({ code }) => code === address.code);
  const select = (code: string | undefined) => set({ code, version: undefined }, address.code !== undefined);
  const step = (by: 1 | -1) => {
    const place = shown.findIndex(({ code }) => code === address.code);
    const next = shown[place < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, place + by))];
    if (next) select(next.code);
  };
  const allowed = (what: Opened) => () => {
    if (denied !== undefined) toast({ message: denied, tone: 'problem', lastsMs: 4_000 });
    else if (chart || what === 'new' || what === 'import') setOpened(what);
  };
  useKeys('screen', [
    { keys: 'j', title: t('next'), run: () => step(1) },
    { keys: 'k', title: t('previous'), run: () => step(-1) },
    { keys: 'f', title: t('focusSearch'), run: () => search.current?.focus() },
    { keys: 'n', title: t('newChart'), run: allowed('new') },
    { keys: 'e', title: t('edit'), run: allowed('edit') },
    { keys: 'd', title: t('duplicate'), run: allowed('duplicate') },
    { keys: 'Delete', title: t('delete'), run: allowed('delete') },
    { keys: 'i', title: t('importCharts'), run: allowed('import') },
    { keys: 'Escape', title: t('close'), run: () => select(undefined) },
  ]);
  if (list.error && !list.data) return <ErrorState title={t('readFailed')} error={list.error} retry={() => void list.refetch()} />;
  if (!connection || !list.data) return <Loading />;

  const exportAll = () => saveFile('charts.json', JSON.stringify(shown.map(definitionOf), null, 2), 'application/json');
  const schema = async () => {
    try {
      const { value } = await console_.charts.schema({ connectionId: connection.id });
      if (value) saveFile('chart.schema.json', JSON.stringify(value, null, 2), 'application/schema+json');
      else toast({ message: t('schemaFailed'), tone: 'problem' });
    } catch (error) {
      toastError(t('schemaFailed'), error);
    }
  };
  const live = connection.state === 'live';
  const close = () => setOpened(null);
  return (
    <div className="flex h-full flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
        <Input
          ref={search}
          type="search"
          className="w-72"
          aria-label={t('search')}
          placeholder={t('search')}
          value={address.q ?? ''}
          onChange={(event) => set({ q: event.target.value === '' ? undefined : event.target.value }, true)}
        />
        <span className="text-faint text-sm">{t('count', { count: shown.length })}</span>
        {!live && <StaleNote asOf={list.data.asOf} className="py-0" />}
        <span className="ms-auto flex gap-1">
          <Button variant="ghost" tooltip={t('schemaHint')} onClick={() => void schema()}>
            <Braces className="size-4" />
            {t('schema')}
          </Button>
          <Button variant="ghost" onClick={exportAll}>
            <Download className="size-4" />
            {t('exportAll')}
          </Button>
          <Button variant="ghost" disabledReason={denied} onClick={allowed('import')}>
            <Upload className="size-4" />
            {t('importCharts')}
          </Button>
          <Button disabledReason={denied} onClick={allowed('new')}>
            <Plus className="size-4" />
            {t('newChart')}
          </Button>
        </span>
      </div>
      <div className={cn('grid min-h-0 flex-1', address.code !== undefined && 'grid-cols-[minmax(20rem,2fr)_5fr]')}>
        <div className={cn('min-h-0 overflow-auto', !live && 'hatched-edge ps-3')}>
          {all.length === 0 && (
            <Empty action={<Button onClick={() => void navigate(places.explore())}>{t('toExplore')}</Button>}>{t('empty')}</Empty>
          )}
          {all.length > 0 && shown.length === 0 && (
            <Empty action={<Button onClick={() => set({ q: undefined }, true)}>{t('clear')}</Button>}>
              {t('noMatch', { text: address.q ?? '' })}
            </Empty>
          )}
          {shown.length > 0 && (
            <ChartList
              connectionId={connection.id}
              charts={shown}
              selected={address.code}
              narrow={address.code !== undefined}
              onSelect={select}
            />
          )}
        </div>
        {address.code !== undefined && (
          <div className="min-h-0 min-w-0 border-s bg-surface">
            {chart ? (
              <ChartDetail
                key={chart.code}
                connection={connection}
                chart={chart}
                charts={all}
                tab={address.tab}
                version={address.version}
                onTab={(tab) => set({ tab }, true)}
                onVersion={(version) => set({ version }, true)}
                onEdit={() => setOpened('edit')}
                onDuplicate={() => setOpened('duplicate')}
                onDelete={() => setOpened('delete')}
                onClose={() => select(undefined)}
              />
            ) : (
              <Empty className="h-full">{t('unknown', { code: address.code })}</Empty>
            )}
          </div>
        )}
      </div>
      {opened === 'new' && (
        <DefinitionSheet
          connectionId={connection.id}
          title={t('newChart')}
          drawing={blank}
          onClose={close}
          onSaved={({ code }) => {
            close();
            select(code);
          }}
        />
      )}
      {opened === 'edit' && chart && (
        <DefinitionSheet
          connectionId={connection.id}
          title={t('editChart', { title: chart.title })}
          drawing={chart}
          chart={chart}
          onClose={close}
          onSaved={() => {
            close();
            toast({ message: t('saved'), lastsMs: 3_000 });
          }}
        />
      )}
      {opened === 'duplicate' && chart && (
        <DefinitionSheet
          connectionId={connection.id}
          title={t('duplicateTitle', { title: chart.title })}
          drawing={{ ...definitionOf(chart), title: t('copyOf', { title: chart.title }) }}
          onClose={close}
          onSaved={({ code }) => {
            close();
            select(code);
          }}
        />
      )}
      {opened === 'delete' && chart && (
        <DeleteDialog
          connectionId={connection.id}
          chart={chart}
          onClose={close}
          onDeleted={() => {
            close();
            select(undefined);
            toast({ message: t('deleted', { title: chart.title }), lastsMs: 4_000 });
          }}
        />
      )}
      {opened === 'import' && <ImportDialog connectionId={connection.id} charts={all} onClose={close} />}
    </div>
  );
}
