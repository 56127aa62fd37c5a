import { Braces, Download, Plus, Upload } from 'lucide-react';
import type { RefObject } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { StaleNote } from '#renderer/ui/states.tsx';
import { type Library, type LibraryDialog, useLibraryFiles } from './use-library.ts';
import { words } from './words.ts';

interface LibraryBarProps {
  connection: Connection;
  library: Library;
  dialog: LibraryDialog;
  search: RefObject<HTMLInputElement | null>;
}

/** The search field of the library and its actions. */
export function LibraryBar({ connection, library, dialog, search }: LibraryBarProps) {
  const t = useText(words);
  const { saveCharts, saveSchema } = useLibraryFiles(connection.id, library);
  const { address, setAddress, shown, data } = library;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      <Input
        ref={search}
        type="search"
        className="w-72"
        aria-label={t('search')}
        placeholder={t('search')}
        value={address.q ?? ''}
        onChange={(event) => setAddress({ q: event.target.value === '' ? undefined : event.target.value }, true)}
      />
      <span className="text-faint text-sm">{t('count', { count: shown.length })}</span>
      {connection.state !== 'live' && <StaleNote asOf={data?.asOf ?? null} className="py-0" />}
      <span className="ms-auto flex gap-1">
        <Button variant="ghost" tooltip={t('schemaHint')} onClick={() => void saveSchema()}>
          <Braces className="size-4" />
          {t('schema')}
        </Button>
        <Button variant="ghost" onClick={saveCharts}>
          <Download className="size-4" />
          {t('exportAll')}
        </Button>
        <Button variant="ghost" disabledReason={dialog.denied} onClick={dialog.ask('import')}>
          <Upload className="size-4" />
          {t('importCharts')}
        </Button>
        <Button disabledReason={dialog.denied} onClick={dialog.ask('new')}>
          <Plus className="size-4" />
          {t('newChart')}
        </Button>
      </span>
    </div>
  );
}
