import { useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import { definitionOf } from '#renderer/charts/definition-form/values.ts';
import { useAddress } from '#renderer/domain/address.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { useCharts, useConsole } from '#renderer/domain/queries/index.ts';
import { saveFile } from '#renderer/ui/export.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { found, libraryAddress } from './library.ts';
import { words } from './words.ts';

/** Returns the charts of a connection, those that match the search, and the chosen one. */
export function useLibrary(connectionId: string | undefined) {
  const [address, setAddress] = useAddress(libraryAddress);
  const { data, error, refetch } = useCharts(connectionId);
  const all = data?.charts ?? [];
  const shown = found(all, address.q ?? '');
  const select = (code: string | undefined) => setAddress({ code, version: undefined }, address.code !== undefined);
  /** Chooses the next or previous chart of the list. */
  const step = (by: 1 | -1) => {
    const place = shown.findIndex(({ code }) => code === address.code);
    const next = shown[place < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, place + by))];
    if (next) select(next.code);
  };
  const chart = all.find(({ code }) => code === address.code);
  return { address, setAddress, data, error, refetch, all, shown, chart, select, step };
}
export type Library = ReturnType<typeof useLibrary>;

type OpenDialog = 'new' | 'edit' | 'duplicate' | 'delete' | 'import' | null;

/** Holds which dialog is open. `ask` opens one, unless charts can't be changed or none is chosen. */
export function useLibraryDialog(connection: Connection | undefined, { chart }: Library) {
  const denied = usePermission(connection, 'OPERATOR', true);
  const [open, setOpen] = useState<OpenDialog>(null);
  const ask = (what: OpenDialog) => () => {
    if (denied !== undefined) toast({ message: denied, tone: 'problem', lastsMs: 4_000 });
    else if (chart || what === 'new' || what === 'import') setOpen(what);
  };
  return { open, setOpen, ask, denied, close: () => setOpen(null) };
}
export type LibraryDialog = ReturnType<typeof useLibraryDialog>;

/** Saves the listed charts, or the JSON schema of their definitions, as a file. */
export function useLibraryFiles(connectionId: string, { shown }: Library) {
  const t = useText(words);
  const { charts } = useConsole();
  return {
    saveCharts: () => saveFile('charts.json', JSON.stringify(shown.map(definitionOf), null, 2), 'application/json'),
    saveSchema: async () => {
      try {
        const { value } = await charts.schema({ connectionId });
        if (value) saveFile('chart.schema.json', JSON.stringify(value, null, 2), 'application/schema+json');
        else toast({ message: t('schemaFailed'), tone: 'problem' });
      } catch (error) {
        toastError(t('schemaFailed'), error);
      }
    },
  };
}
