import { Link } from '@tanstack/react-router';
import { Copy, Download, EllipsisVertical, Star, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { DashboardSummary } from '#common/contract/dashboards.ts';
import { places } from '#renderer/domain/places.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '#renderer/ui/dropdown-menu.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Badge } from '#renderer/ui/parts.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { useNear } from '../view/frame.tsx';
import { DrawnLayout } from './drawn-layout.tsx';
import { usePicture } from './pictures.ts';
import { words } from './words.ts';

interface CardProps {
  connection: Connection;
  dashboard: DashboardSummary;
  selected: boolean;
  draft: boolean;
  /** Why the dashboard can't be starred or changed now. */
  starDenied: string | undefined;
  changeDenied: string | undefined;
  onSelect: () => void;
  onStar: () => void;
  onDuplicate: () => void;
  onExport: () => void;
  onDelete: () => void;
}

/** A dashboard in the list: its thumbnail, its title, and when it last changed. */
export function Card(props: CardProps) {
  const { connection, dashboard, selected, draft, onSelect } = props;
  const holder = useRef<HTMLElement>(null);
  const picture = usePicture(connection.id, dashboard, useNear(holder));
  useEffect(() => {
    if (selected) holder.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <article
      ref={holder}
      aria-label={dashboard.title}
      aria-current={selected ? 'true' : undefined}
      onFocusCapture={onSelect}
      className={cn(
        'group relative flex flex-col overflow-hidden rounded-lg border bg-surface hover:border-border-strong',
        selected && 'border-accent hover:border-accent',
      )}
    >
      <div className="aspect-16/9 overflow-hidden border-b bg-background">
        {picture ? <img src={picture} alt="" className="size-full object-cover object-top" /> : <DrawnLayout panels={dashboard.panels} />}
      </div>
      <div className="flex min-w-0 flex-col gap-0.5 px-3 pt-1.5 pb-2.5">
        <div className="flex items-center gap-1">
          <h2 className="min-w-0 flex-1 truncate text-left font-medium rtl:text-right" dir="auto">
            {/* The whole card is a link; the buttons lie above it. */}
            <Link
              {...places.dashboard(dashboard.code, {}, true)}
              className="outline-none after:absolute after:inset-0 after:rounded-lg focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
            >
              {dashboard.title}
            </Link>
          </h2>
          <CardButtons {...props} />
        </div>
        <p className="line-clamp-2 min-h-[2lh] text-left text-muted text-sm rtl:text-right" dir="auto">
          {dashboard.description}
        </p>
        <CardFooter dashboard={dashboard} draft={draft} />
      </div>
    </article>
  );
}

/** The star, and a menu of further actions. */
function CardButtons({ dashboard, starDenied, changeDenied, onStar, onDuplicate, onExport, onDelete }: CardProps) {
  const t = useText(words);
  const { title, starred } = dashboard;
  const star = t(starred ? 'unstar' : 'star');
  return (
    <span className="relative -me-1.5 flex">
      <Button
        variant="ghost"
        size="icon-sm"
        tooltip={star}
        aria-label={`${star}: ${title}`}
        aria-pressed={starred}
        disabledReason={starDenied}
        onClick={onStar}
      >
        <Star size="0.875rem" className={starred ? 'fill-current text-foreground' : undefined} />
      </Button>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="icon-sm" aria-label={`${t('more')}: ${title}`}>
            <EllipsisVertical size="0.875rem" />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem disabled={changeDenied !== undefined} onSelect={onDuplicate}>
            <Copy size="0.875rem" /> {t('duplicate')}
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={onExport}>
            <Download size="0.875rem" /> {t('exportJson')}
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem disabled={changeDenied !== undefined} onSelect={onDelete}>
            <Trash2 size="0.875rem" /> {t('delete')}
          </DropdownMenuItem>
          {changeDenied !== undefined && <p className="max-w-56 px-2 py-1 text-faint text-sm">{changeDenied}</p>}
        </DropdownMenuContent>
      </DropdownMenu>
    </span>
  );
}

/** The number of panels, the author of the last change, and whether it has unsaved edits here. */
function CardFooter({ dashboard, draft }: Pick<CardProps, 'dashboard' | 'draft'>) {
  const t = useText(words);
  return (
    <p className="mt-1 flex min-w-0 items-center gap-2 text-faint text-sm">
      <span className="whitespace-nowrap">{t('panelCount', { count: dashboard.panels.length })}</span>
      <span aria-hidden="true">·</span>
      <span className="truncate">
        <span className="relative">
          <Age at={dashboard.updatedAt} />
        </span>{' '}
        {t('changedBy', { name: dashboard.updatedBy })}
      </span>
      {draft && (
        <Tooltip content={t('draftHereAbout')}>
          <Badge tone="attention" className="relative ms-auto">
            {t('draftHere')}
          </Badge>
        </Tooltip>
      )}
    </p>
  );
}
