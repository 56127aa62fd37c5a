import { Link } from '@tanstack/react-router';
import { ChevronDown, ChevronRight, Download, History, Link2, Maximize, Pencil, Star, Undo2 } from 'lucide-react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Dashboard } from '#common/contract/dashboards.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { useConsole, useDashboards } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useCopyLink } from '#renderer/ui/copy-link.ts';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '#renderer/ui/dropdown-menu.tsx';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Select } from '#renderer/ui/input.tsx';
import { Badge, Kbd } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { toastError } from '#renderer/ui/toast.tsx';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { refreshChoices } from '../address.ts';
import type { DashboardFileKind } from '../export/use-export.ts';
import { useAskAgain } from '../use-change.ts';
import { words } from './words.ts';

interface BarProps {
  connection: Connection;
  dashboard: Dashboard;
  hasDraft: boolean;
  refreshMs: number;
  editDenied: string | undefined;
  onRefresh: (ms: number) => void;
  onEdit: () => void;
  onVersions: () => void;
  onKiosk: () => void;
  onExport: (kind: DashboardFileKind) => void;
  onExportJson: () => void;
  /** Undoes the last zoom; undefined if there was none. */
  onBack: (() => void) | undefined;
}

/** The dashboard's title and its actions. */
export function ViewBar({ connection, dashboard, hasDraft, refreshMs, editDenied, ...act }: BarProps) {
  const t = useText(words);
  const copyLink = useCopyLink();
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-2 border-b px-4 py-2">
      <FolderPath folder={dashboard.folder} />
      <h2 className="min-w-0 truncate text-foreground text-lg">
        <Tooltip content={dashboard.description || dashboard.title}>
          <bdi>{dashboard.title}</bdi>
        </Tooltip>
      </h2>
      <StarButton connection={connection} code={dashboard.code} />
      {hasDraft && (
        <Tooltip content={t('draftHereAbout')}>
          <Badge tone="attention">{t('unsaved')}</Badge>
        </Tooltip>
      )}
      <span className="flex-1" />
      {act.onBack && (
        <Button variant="ghost" size="icon" tooltip={t('zoomBack')} aria-label={t('zoomBack')} onClick={act.onBack}>
          <Undo2 size="0.875rem" className="rtl:-scale-x-100" />
        </Button>
      )}
      <RefreshSelect refreshMs={refreshMs} onRefresh={act.onRefresh} />
      <Button variant="ghost" size="icon" tooltip={t('copyLink')} aria-label={t('copyLink')} onClick={copyLink}>
        <Link2 size="0.875rem" />
      </Button>
      <Button variant="ghost" size="icon" tooltip={`${t('kiosk')} · d k`} aria-label={t('kiosk')} onClick={act.onKiosk}>
        <Maximize size="0.875rem" />
      </Button>
      <Button variant="ghost" onClick={act.onVersions}>
        <History size="0.875rem" />
        {t('versions')}
      </Button>
      <ExportMenu onExport={act.onExport} onExportJson={act.onExportJson} />
      <Button onClick={act.onEdit} disabledReason={editDenied}>
        <Pencil size="0.875rem" />
        {t('edit')}
        <Kbd keys="e" className="ms-1" />
      </Button>
    </header>
  );
}

/** Links to the list of dashboards and to each folder that the dashboard is in. */
function FolderPath({ folder }: { folder: string }) {
  const t = useText(words);
  return (
    <nav aria-label={t('folder')} className="flex min-w-0 items-center gap-1 text-muted">
      <Link {...places.dashboards()} className="hover:text-foreground">
        {t('dashboards')}
      </Link>
      {folder.split('/').map((name, depth, all) =>
        name === '' ? null : (
          <span key={all.slice(0, depth + 1).join('/')} className="flex items-center gap-1">
            <ChevronRight size="0.75rem" className="text-faint rtl:rotate-180" />
            <Link {...places.dashboards({ folder: all.slice(0, depth + 1).join('/') })} className="hover:text-foreground">
              {name}
            </Link>
          </span>
        ),
      )}
      <ChevronRight size="0.75rem" className="shrink-0 text-faint rtl:rotate-180" />
    </nav>
  );
}

function StarButton({ connection, code }: { connection: Connection; code: string }) {
  const t = useText(words);
  const { dashboards: service } = useConsole();
  const askAgain = useAskAgain(connection.id);
  const denied = usePermission(connection, 'VIEWER', true);
  const starred = useDashboards(connection.id).data?.value.find((one) => one.code === code)?.starred ?? false;
  const star = async () => {
    try {
      await service.star({ connectionId: connection.id, code, starred: !starred });
      await askAgain();
    } catch (error) {
      toastError(t('actFailed'), error);
    }
  };
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      tooltip={t(starred ? 'unstar' : 'star')}
      aria-label={t(starred ? 'unstar' : 'star')}
      aria-pressed={starred}
      disabledReason={denied}
      onClick={() => void star()}
    >
      <Star size="0.875rem" className={starred ? 'fill-current text-foreground' : undefined} />
    </Button>
  );
}

function RefreshSelect({ refreshMs, onRefresh }: Pick<BarProps, 'refreshMs' | 'onRefresh'>) {
  const t = useText(words);
  const { language } = usePreferences();
  return (
    <Select aria-label={t('refresh')} className="w-auto" value={refreshMs} onChange={(event) => onRefresh(Number(event.target.value))}>
      {[...new Set([...refreshChoices, refreshMs])]
        .toSorted((a, b) => a - b)
        .map((ms) => (
          <option key={ms} value={ms}>
            {ms === 0 ? t('refreshAuto') : t('refreshEvery', { age: formatSetDuration(ms, language) })}
          </option>
        ))}
    </Select>
  );
}

function ExportMenu({ onExport, onExportJson }: Pick<BarProps, 'onExport' | 'onExportJson'>) {
  const t = useText(words);
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost">
          <Download size="0.875rem" />
          {t('exportAs')}
          <ChevronDown size="0.75rem" className="text-faint" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem onSelect={() => onExport('pdf')}>{t('asPdf')}</DropdownMenuItem>
        <DropdownMenuItem onSelect={() => onExport('png')}>{t('asPng')}</DropdownMenuItem>
        <DropdownMenuItem onSelect={onExportJson}>{t('asJson')}</DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
