import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { z } from 'zod';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Dashboard, Panel } from '#common/contract/dashboards.ts';
import { useZoom } from '#renderer/charts/index.ts';
import { parseRange, printRange, useAddress, useRange } from '#renderer/domain/address.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { useCharts, useConsole } from '#renderer/domain/queries/index.ts';
import { saveFile } from '#renderer/ui/export.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { toastError } from '#renderer/ui/toast.tsx';
import { viewAddress } from '../address.ts';
import type { Editor } from '../edit/use-editor.ts';
import { bodyOf } from '../use-change.ts';
import { exploreSearch, panelValues, valuesOf } from './values.ts';
import { words } from './words.ts';

const rangeAddress = z.object({ range: z.string().optional() });

interface BoardOptions {
  connection: Connection;
  code: string;
  /** Null if only a draft of it exists. */
  dashboard: Dashboard | null;
  editor: Editor | null;
}

/** The state of a dashboard on screen, from its address and its draft, and the actions on it. */
export function useBoard({ connection, code, dashboard, editor }: BoardOptions) {
  const connectionId = connection.id;
  const navigate = useNavigate();
  const [address, set] = useAddress(viewAddress);
  const { range, setRange } = useRange();
  const zoom = useZoom(range, setRange);
  const charts = useCharts(connectionId).data?.charts;
  const library = useMemo(() => charts ?? [], [charts]);
  const [selected, setSelected] = useState<string | null>(null);
  const editDenied = usePermission(connection, 'OPERATOR');
  const stored = useMemo(() => (dashboard ? bodyOf(dashboard) : null), [dashboard]);
  const body = editor?.body ?? stored;
  const values = useMemo(() => (body ? valuesOf(body, address.vars) : {}), [body, address.vars]);
  useOwnRange(body ? printRange(body.range) : undefined);
  const refreshMs = address.refresh ?? body?.refreshMs ?? 0;
  const readAgain = useRefresh(connectionId, refreshMs);

  const setKiosk = (on: boolean) => {
    set({ kiosk: on ? true : undefined, panel: undefined }, !on);
    // The browser may refuse full screen; the dashboard fills the page anyway.
    if (on) void document.documentElement.requestFullscreen?.().catch(() => undefined);
    else if (document.fullscreenElement) void document.exitFullscreen();
  };
  const explore = (panel: Panel) => {
    const search = exploreSearch(panel, panelValues(panel, values));
    if (search) void navigate(places.explore(search));
  };
  const editPanel = (panel: Panel) => {
    if (panel.kind === 'library') void navigate(places.library({ code: panel.chart }));
    else {
      setSelected(panel.id);
      set({ edit: true, panel: undefined });
    }
  };
  return {
    address,
    set,
    body,
    values,
    library,
    range,
    zoom,
    selected,
    setSelected,
    editDenied,
    refreshMs,
    readAgain,
    /** The panel that fills the page. */
    full: body?.panels.find(({ id }) => id === address.panel),
    kiosk: address.kiosk === true && editor === null,
    setKiosk,
    explore,
    editPanel,
    exportJson: useExportJson(connectionId, code),
  };
}

export type BoardState = ReturnType<typeof useBoard>;

/** Opens a dashboard with its own range and writes that to the address. */
function useOwnRange(ownRange: string | undefined): void {
  const [{ range: written }, set] = useAddress(rangeAddress);
  const isGiven = written !== undefined && parseRange(written) !== null;
  useEffect(() => {
    if (!isGiven && ownRange !== undefined) set({ range: ownRange }, true);
  }, [isGiven, ownRange, set]);
}

/** Reads the series of a connection again every `refreshMs`; 0 means never. @returns a function that reads them now */
function useRefresh(connectionId: string, refreshMs: number): () => void {
  const queries = useQueryClient();
  const readAgain = useCallback(() => {
    void queries.invalidateQueries({ queryKey: ['series', connectionId] }, { cancelRefetch: false });
  }, [queries, connectionId]);
  useEffect(() => {
    if (refreshMs === 0) return;
    const timer = setInterval(readAgain, Math.max(1_000, refreshMs));
    return () => clearInterval(timer);
  }, [refreshMs, readAgain]);
  return readAgain;
}

function useExportJson(connectionId: string, code: string): () => Promise<void> {
  const t = useText(words);
  const { dashboards } = useConsole();
  return async () => {
    try {
      const { name, text } = await dashboards.export({ connectionId, code });
      saveFile(name, text, 'application/json');
    } catch (error) {
      toastError(t('exportFailed'), error);
    }
  };
}

/** Binds the keys of a dashboard that isn't being edited. */
export function useBoardKeys(board: BoardState, enabled: boolean): void {
  const t = useText(words);
  const { body, selected, full, kiosk, set, setKiosk, explore, readAgain, editDenied } = board;
  const target = body?.panels.find(({ id }) => id === selected) ?? body?.panels[0];
  useKeys(
    'screen',
    [
      ...(editDenied === undefined
        ? [{ keys: 'e', title: t('edit'), run: () => set({ edit: true, panel: undefined, kiosk: undefined }) }]
        : []),
      { keys: 'v', title: t(full ? 'closePanel' : 'fullPanel'), run: () => set({ panel: full ? undefined : target?.id }) },
      { keys: 'd k', title: t(kiosk ? 'leaveKiosk' : 'kiosk'), run: () => setKiosk(!kiosk) },
      { keys: 'x', title: t('explore'), run: () => target && explore(target) },
      { keys: 'r', title: t('refreshNow'), run: readAgain },
      ...(full ? [{ keys: 'Escape', title: t('closePanel'), run: () => set({ panel: undefined }) }] : []),
      ...(kiosk && !full ? [{ keys: 'Escape', title: t('leaveKiosk'), run: () => setKiosk(false) }] : []),
    ],
    enabled,
  );
}
