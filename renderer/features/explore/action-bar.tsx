import { BellPlus, Download, LayoutDashboard, Link2, Pause, Play, Save, Table2 } from 'lucide-react';
import { usePermission } from '#renderer/domain/permission.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '#renderer/ui/dropdown-menu.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { StaleNote } from '#renderer/ui/states.tsx';
import { Age } from '#renderer/ui/time.tsx';
import type { ExportKind } from './downloads.ts';
import { Toggle } from './toggles.tsx';
import type { ExploreActions } from './use-actions.ts';
import type { Explorer } from './use-explorer.ts';
import { exportDenied } from './use-export.ts';
import { words } from './words.ts';

const exportWords = { png: 'exportPng', svg: 'exportSvg', csv: 'exportCsv', json: 'exportJson' } as const;

interface ActionBarProps {
  explorer: Explorer;
  actions: ExploreActions;
}

interface ExportItemProps {
  kind: ExportKind;
  /** Why this kind isn't available; undefined if it is. */
  denied: string | undefined;
  onExport: (kind: ExportKind) => void;
}

/** One kind of file; if it isn't available, with the reason. */
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

/** Shows whether the chart is live, and when it was last confirmed. */
function Freshness({ connection, paused, shown }: Explorer) {
  const t = useText(words);
  const asOf = shown.picture?.asOf ?? null;
  if (paused) {
    const label = (
      <>
        {t('paused')} · <Age at={asOf} />
      </>
    );
    return <StatusSymbol status="paused" label={label} />;
  }
  if (connection?.state !== 'live') return <StaleNote asOf={asOf} />;
  return (
    <>
      {t('updated')} <Age at={asOf} />
    </>
  );
}

/** The actions on the chart. */
export function ActionBar({ explorer, actions }: ActionBarProps) {
  const t = useText(words);
  const { connection, address, set, paused, shown, question } = explorer;
  const denied = usePermission(connection, 'OPERATOR', true);
  return (
    <div className="flex flex-wrap items-center gap-1 px-4 pt-2">
      <Button
        variant="ghost"
        size="icon-sm"
        aria-pressed={!paused}
        aria-label={t('live')}
        tooltip={t(paused ? 'refreshOff' : 'refreshOn')}
        onClick={() => set({ paused: !paused || undefined })}
      >
        {paused ? <Play className="size-3.5" /> : <Pause className="size-3.5" />}
      </Button>
      <span className="px-1 text-muted text-sm">
        <Freshness {...explorer} />
      </span>
      <span className="ms-auto flex flex-wrap items-center gap-1">
        <Toggle label={t('values')} pressed={address.table ?? false} onPress={(on) => set({ table: on || undefined })}>
          <Table2 className="size-4" />
        </Toggle>
        <DropdownMenu open={actions.exportOpen} onOpenChange={actions.setExportOpen}>
          <DropdownMenuTrigger asChild>
            <Button variant="ghost" size="icon" aria-label={t('exportAs')} tooltip={t('exportAs')}>
              <Download className="size-4" />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            {(['png', 'svg', 'csv', 'json'] as const).map((kind) => (
              <ExportItem
                key={kind}
                kind={kind}
                denied={exportDenied(kind, shown.picture, question.drawing, t)}
                onExport={(chosen) => void actions.exportAs(chosen)}
              />
            ))}
          </DropdownMenuContent>
        </DropdownMenu>
        <Button variant="ghost" size="icon" aria-label={t('share')} tooltip={t('share')} onClick={actions.share}>
          <Link2 className="size-4" />
        </Button>
        <Button variant="ghost" tooltip={t('makeAlertHint')} disabledReason={denied} onClick={() => actions.openAlert('ready')}>
          <BellPlus className="size-4" />
          {t('makeAlert')}
        </Button>
        <Button variant="ghost" tooltip={t('addHint')} disabledReason={denied} onClick={() => actions.openDialog('add')}>
          <LayoutDashboard className="size-4" />
          {t('addTo')}
        </Button>
        <Button tooltip={t('saveHint')} disabledReason={denied} onClick={() => actions.openDialog('save')}>
          <Save className="size-4" />
          {t('save')}
        </Button>
      </span>
    </div>
  );
}
