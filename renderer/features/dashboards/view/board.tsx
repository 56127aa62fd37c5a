import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Dashboard, DashboardBody, Panel } from '#common/contract/dashboards.ts';
import { ChartGroup } from '#renderer/charts/index.ts';
import { useSettings } from '#renderer/domain/queries/index.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { ScrollArea } from '#renderer/ui/parts.tsx';
import { Empty, StaleNote } from '#renderer/ui/states.tsx';
import { EditMode } from '../edit/edit-mode.tsx';
import type { Editor } from '../edit/use-editor.ts';
import { ExportDialog } from '../export/export-dialog.tsx';
import type { DashboardFileKind } from '../export/use-export.ts';
import { PanelFrame } from './frame.tsx';
import { PanelBody } from './panel.tsx';
import { type BoardState, useBoard, useBoardKeys } from './use-board.ts';
import { shownTitle } from './values.ts';
import { VariablesBar } from './variables-bar.tsx';
import { VersionsSheet } from './versions-sheet.tsx';
import { ViewBar } from './view-bar.tsx';
import { ViewGrid } from './view-grid.tsx';
import { WallBar } from './wall-bar.tsx';
import { words } from './words.ts';

interface BoardProps {
  connection: Connection;
  code: string;
  /** Null if only a draft of it exists. */
  dashboard: Dashboard | null;
  asOf: number | null;
  editor: Editor | null;
  hasDraft: boolean;
}

/** A dashboard's panels, all with the same range and variables. */
export function Board({ connection, code, dashboard, asOf, editor, hasDraft }: BoardProps) {
  const t = useText(words);
  const board = useBoard({ connection, code, dashboard, editor });
  const { address, set, body, library, range, values, kiosk } = board;
  const { zoom, back } = board.zoom;
  const { language } = useSettings();
  const [exporting, setExporting] = useState<DashboardFileKind | null>(null);
  useBoardKeys(board, editor === null);
  const shared = useMemo(
    () => ({ charts: library, connectionId: connection.id, range, values, onIntervalChange: zoom, onBack: back }),
    [library, connection.id, range, values, zoom, back],
  );
  const content = useCallback((panel: Panel, wheel = false) => <PanelBody panel={panel} {...shared} wheel={wheel} />, [shared]);
  if (!body) return null;
  const chooser = body.variables.length > 0 && (
    <VariablesBar
      connectionId={connection.id}
      variables={body.variables}
      values={values}
      onChoose={(name, value) => set({ vars: { ...address.vars, [name]: value } })}
    />
  );
  const edited = { connection, dashboard, charts: library, selected: board.selected, onSelect: board.setSelected, chooser };
  const printed = { body, charts: library, connection, range, values, language };
  return (
    <ChartGroup>
      <div className={cn('flex h-full min-w-0 flex-col', kiosk && 'fixed inset-0 z-30 bg-background')}>
        {editor ? (
          <EditMode key={code} {...edited} editor={editor} onDone={() => set({ edit: undefined }, true)}>
            {content}
          </EditMode>
        ) : (
          <>
            {!kiosk && dashboard && (
              <Actions board={board} connection={connection} dashboard={dashboard} hasDraft={hasDraft} onExport={setExporting} />
            )}
            {kiosk && !board.full && <WallBar title={body.title} range={range} />}
            {!kiosk && chooser}
            {connection.state !== 'live' && <StaleNote asOf={asOf} className="hatched-bar shrink-0 px-4" />}
            <Panels board={board} body={body} content={content} />
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
        {exporting && <ExportDialog {...printed} kind={exporting} onClose={() => setExporting(null)} />}
      </div>
    </ChartGroup>
  );
}

interface ActionsProps extends Pick<BoardProps, 'connection' | 'hasDraft'> {
  board: BoardState;
  dashboard: Dashboard;
  onExport: (kind: DashboardFileKind) => void;
}

/** The bar above the panels. */
function Actions({ board, ...shown }: ActionsProps) {
  const { set, body, zoom, refreshMs, editDenied, setKiosk, exportJson } = board;
  return (
    <ViewBar
      {...shown}
      refreshMs={refreshMs}
      editDenied={editDenied}
      onRefresh={(ms) => set({ refresh: ms === body?.refreshMs ? undefined : ms }, true)}
      onEdit={() => set({ edit: true, panel: undefined })}
      onVersions={() => set({ version: 0 })}
      onKiosk={() => setKiosk(true)}
      onExportJson={() => void exportJson()}
      onBack={zoom.zoomed ? zoom.back : undefined}
    />
  );
}

interface PanelsProps {
  board: BoardState;
  body: DashboardBody;
  content: (panel: Panel, wheel?: boolean) => ReactNode;
}

/** All panels, or the one that fills the page. */
function Panels({ board, body, content }: PanelsProps) {
  const t = useText(words);
  const { full, library, values, selected, setSelected, set, explore, editPanel, editDenied, kiosk } = board;
  if (full) {
    return (
      <div className="min-h-0 flex-1 p-4">
        <PanelFrame title={shownTitle(full, library, values, t('everyValue'))}>{content(full, true)}</PanelFrame>
      </div>
    );
  }
  return (
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
  );
}
