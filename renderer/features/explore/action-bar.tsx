import { BellPlus, Download, LayoutDashboard, Link2, Pause, Play, Save, Table2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { Button } from '#renderer/ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '#renderer/ui/dropdown-menu.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Toggle } from './query-line.tsx';
import { words } from './words.ts';

export type ExportKind = 'png' | 'svg' | 'csv' | 'json';
const exportWords = { png: 'exportPng', svg: 'exportSvg', csv: 'exportCsv', json: 'exportJson' } as const;

interface ActionBarProps {
  connection: Connection | undefined;
  /** When the picture was last brought up to date. */
  freshness: ReactNode;
  paused: boolean;
  onPause: (paused: boolean) => void;
  table: boolean;
  onTable: (table: boolean) => void;
  exportOpen: boolean;
  onExportOpen: (open: boolean) => void;
  onExport: (kind: ExportKind) => void;
  /** Why a kind of file can't be had; undefined where it can. */
  exportDenied: (kind: ExportKind) => string | undefined;
  onShare: () => void;
  onSave: () => void;
  onAdd: () => void;
  onAlert: () => void;
}

interface ExportItemProps extends Pick<ActionBarProps, 'onExport'> {
  kind: ExportKind;
  denied: string | undefined;
}

/** One kind of file; where it can't be had, the reason in its place. */
function ExportItem({ kind, denied, onExport }: ExportItemProps) {
  const t = useText(words);
  return (
    <DropdownMenuItem disabled={denied !== undefined} onSelect={() => onExport(kind)}>
      <span>
        {t(exportWords[kind])}
        {denied !== undefined && <span className="block max-w-64 whitespace-normal text-faint text-sm">{denied}</span>}
      </span>
    </DropdownMenuItem>
  );
}

/** What can be done with the picture. */
export function ActionBar(props: ActionBarProps) {
  const t = useText(words);
  const denied = usePermission(props.connection, 'OPERATOR', true);
  return (
    <div className="flex flex-wrap items-center gap-1 px-4 pt-2">
      <Button
        variant="ghost"
        size="icon-sm"
        aria-pressed={!props.paused}
        aria-label={t('live')}
        tooltip={t(props.paused ? 'refreshOff' : 'refreshOn')}
        onClick={() => props.onPause(!props.paused)}
      >
        {props.paused ? <Play className="size-3.5" /> : <Pause className="size-3.5" />}
      </Button>
      <span className="px-1 text-muted text-sm">{props.freshness}</span>
      <span className="ms-auto flex flex-wrap items-center gap-1">
        <Toggle label={t('values')} pressed={props.table} onPress={props.onTable}>
          <Table2 className="size-4" />
        </Toggle>
        <DropdownMenu open={props.exportOpen} onOpenChange={props.onExportOpen}>
          <DropdownMenuTrigger asChild>
            <Button variant="ghost" size="icon" aria-label={t('exportAs')} tooltip={t('exportAs')}>
              <Download className="size-4" />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            {(['png', 'svg', 'csv', 'json'] as const).map((kind) => (
              <ExportItem key={kind} kind={kind} denied={props.exportDenied(kind)} onExport={props.onExport} />
            ))}
          </DropdownMenuContent>
        </DropdownMenu>
        <Button variant="ghost" size="icon" aria-label={t('share')} tooltip={t('share')} onClick={props.onShare}>
          <Link2 className="size-4" />
        </Button>
        <Button variant="ghost" tooltip={t('makeAlertHint')} disabledReason={denied} onClick={props.onAlert}>
          <BellPlus className="size-4" />
          {t('makeAlert')}
        </Button>
        <Button variant="ghost" tooltip={t('addHint')} disabledReason={denied} onClick={props.onAdd}>
          <LayoutDashboard className="size-4" />
          {t('addTo')}
        </Button>
        <Button tooltip={t('saveHint')} disabledReason={denied} onClick={props.onSave}>
          <Save className="size-4" />
          {t('save')}
        </Button>
      </span>
    </div>
  );
}
