import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { z } from 'zod';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Dashboard, Panel } from '#common/contract/dashboards.ts';
import { ChartGroup, useZoom } from '#renderer/charts/index.ts';
import { parseRange, printRange, useAddress, useRange } from '#renderer/domain/address.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { useCharts, useConsole, useSettings } from '#renderer/domain/queries/index.ts';
import { cn } from '#renderer/ui/cn.ts';
import { saveFile } from '#renderer/ui/export.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { ScrollArea } from '#renderer/ui/parts.tsx';
import { Empty, StaleNote } from '#renderer/ui/states.tsx';
import { toastError } from '#renderer/ui/toast.tsx';
import { viewAddress } from '../address.ts';
import { EditMode } from '../edit/edit-mode.tsx';
import type { Editor } from '../edit/use-editor.ts';
import { ExportDialog, type PaperKind } from '../paper/export-dialog.tsx';
import { bodyOf } from '../use-change.ts';
import { VersionsSheet } from '../versions/versions-sheet.tsx';
import { PanelFrame } from './frame.tsx';
import { PanelBody } from './panel.tsx';
import { exploreSearch, panelValues, shownTitle, valuesOf } from './values.ts';
import { VariablesBar } from './variables-bar.tsx';
import { ViewBar } from './view-bar.tsx';
import { ViewGrid } from './view-grid.tsx';
import { WallBar } from './wall-bar.tsx';
import { words } from './words.ts';

interface BoardProps {
  connection: Connection;
  code: string;
  /** Null where only a draft of it is left. */
  dashboard: Dashboard | null;
  asOf: number | null;
  editor: Editor | null;
  hasDraft: boolean;
}

const rangeAddress = z.object({ range: z.string().optional() });

/** A dashboard's panels under one range and one set of choices. */
export function Board({ connection, code, dashboard, asOf, editor, hasDraft }: BoardProps) {
  const t = useText(words);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const connectionId = connection.id;
  const [address, set] = useAddress(viewAddress);
  const [{ range: written }] = useAddress(rangeAddress);
  const { dashboards: service } = useConsole();
  const { span, setRange } = useRange();
  const settings = useSettings();
  const charts = useCharts(connectionId).data?.charts;
  const library = useMemo(() => charts ?? [], [charts]);
  const [selected, setSelected] = useState<string | null>(null);
  const [paper, setPaper] = useState<PaperKind | null>(null);
  const stored = useMemo(() => (dashboard ? bodyOf(dashboard) : null), [dashboard]);
  const body = editor?.body ?? stored;
  const editDenied = usePermission(connection, 'OPERATOR');
  const { zoom, back, zoomed } = useZoom(span, setRange);

  // A dashboard opens with its own range; the address then says which.
  const ownRange = body ? printRange(body.range) : undefined;
  const ranged = written !== undefined && parseRange(written) !== null;
  useEffect(() => {
    if (!ranged && ownRange !== undefined) set({ range: ownRange } as object, true);
  }, [ranged, ownRange, set]);

  const refreshMs = address.refresh ?? body?.refreshMs ?? 0;
  const readAgain = useCallback(() => {
    void queries.invalidateQueries({ queryKey: ['series', connectionId] }, { cancelRefetch: false });
  }, [queries, connectionId]);
  useEffect(() => {
    if (refreshMs === 0) return;
    const timer = setInterval(readAgain, Math.max(1_000, refreshMs));
    return () => clearInterval(timer);
  }, [refreshMs, readAgain]);

  const editing = editor !== null;
  const kiosk = address.kiosk === true && !editing;
  const full = body?.panels.find(({ id }) => id === address.panel);
  const setKiosk = (on: boolean) => {
    set({ kiosk: on ? true : undefined, panel: undefined }, !on);
    // The browser may refuse; the page is filled all the same.
    if (on) void document.documentElement.requestFullscreen?.().catch(() => undefined);
    else if (document.fullscreenElement) void document.exitFullscreen();
  };
  const values = useMemo(() => (body ? valuesOf(body, address.vars) : {}), [body, address.vars]);
  const exportJson = async () => {
    try {
      const { name, text } = await service.export({ connectionId, code });
      saveFile(name, text, 'application/json');
    } catch (error) {
      toastError(t('exportFailed'), error);
    }
  };
  const explore = (panel: Panel) => {
    const search = exploreSearch(panel, panelValues(panel, values));
    if (!search) return;
    void navigate(places.explore(search));
  };
  const editPanel = (panel: Panel) => {
    if (panel.kind === 'library') void navigate(places.library({ code: panel.chart }));
    else {
      setSelected(panel.id);
      set({ edit: true, panel: undefined });
    }
  };
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
    !editing,
  );

  const shared = useMemo(
    () => ({ charts: library, connectionId, range: span, values, onStretch: zoom, onBack: back }),
    [library, connectionId, span, values, zoom, back],
  );
  const content = useCallback((panel: Panel) => <PanelBody panel={panel} {...shared} />, [shared]);

  if (!body) return null;
  const stale = connection.state !== 'live';
  const chooser = body.variables.length > 0 && (
    <VariablesBar
      connectionId={connectionId}
      variables={body.variables}
      values={values}
      onChoose={(name, value) => set({ vars: { ...address.vars, [name]: value } })}
    />
  );
  return (
    <ChartGroup>
      <div className={cn('flex h-full min-w-0 flex-col', kiosk && 'fixed inset-0 z-30 bg-background')}>
        {editor ? (
          <EditMode
            key={code}
            connection={connection}
            dashboard={dashboard}
            editor={editor}
            charts={library}
            selected={selected}
            onSelect={setSelected}
            onDone={() => set({ edit: undefined }, true)}
            chooser={chooser}
          >
            {content}
          </EditMode>
        ) : (
          <>
            {!kiosk && dashboard && (
              <ViewBar
                connection={connection}
                dashboard={dashboard}
                hasDraft={hasDraft}
                refreshMs={refreshMs}
                editDenied={editDenied}
                onRefresh={(ms) => set({ refresh: ms === body.refreshMs ? undefined : ms }, true)}
                onEdit={() => set({ edit: true, panel: undefined })}
                onVersions={() => set({ version: 0 })}
                onKiosk={() => setKiosk(true)}
                onExport={setPaper}
                onExportJson={() => void exportJson()}
                onBack={zoomed ? back : undefined}
              />
            )}
            {kiosk && !full && <WallBar title={body.title} range={span} />}
            {!kiosk && chooser}
            {stale && <StaleNote asOf={asOf} className="hatched-bar shrink-0 px-4" />}
            {full ? (
              <div className="min-h-0 flex-1 p-4">
                <PanelFrame title={shownTitle(full, library, values, t('everyValue'))}>
                  <PanelBody panel={full} {...shared} wheel />
                </PanelFrame>
              </div>
            ) : (
              <ScrollArea className="flex-1 p-4">
                {body.panels.length === 0 ? (
                  <Empty className="h-full">{t('noPanels')}</Empty>
                ) : (
                  <ViewGrid
                    body={body}
                    charts={library}
                    values={values}
                    selected={selected}
                    onSelect={setSelected}
                    onFull={(id) => set({ panel: id })}
                    onExplore={explore}
                    onEdit={editDenied === undefined ? editPanel : undefined}
                    fill={kiosk}
                  >
                    {content}
                  </ViewGrid>
                )}
              </ScrollArea>
            )}
          </>
        )}
        {address.version !== undefined && dashboard && (
          <VersionsSheet
            connection={connection}
            dashboard={dashboard}
            version={address.version}
            denied={hasDraft ? t('unsaved') : undefined}
            onChoose={(version) => set({ version }, true)}
            onClose={() => set({ version: undefined }, true)}
          />
        )}
        {paper && (
          <ExportDialog
            kind={paper}
            body={body}
            charts={library}
            connection={connection}
            span={span}
            values={values}
            language={settings.language}
            onClose={() => setPaper(null)}
          />
        )}
      </div>
    </ChartGroup>
  );
}
