import { Folder as FolderIcon, LayoutGrid, Star } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import type { Folder } from './tree.ts';
import { words } from './words.ts';

interface RailProps {
  tree: Folder;
  starredCount: number;
  folder: string | undefined;
  starred: boolean;
  onChoose: (choice: { folder?: string | undefined; starred?: boolean | undefined }) => void;
}

/** The folders as a tree, with entries for all and starred dashboards. */
export function FolderRail({ tree, starredCount, folder, starred, onChoose }: RailProps) {
  const t = useText(words);
  return (
    <nav aria-label={t('folders')} className="flex w-52 shrink-0 flex-col gap-0.5 overflow-auto border-e p-2">
      <Entry
        icon={<LayoutGrid size="0.875rem" />}
        label={t('all')}
        count={tree.count}
        active={!starred && folder === undefined}
        onClick={() => onChoose({ folder: undefined, starred: undefined })}
      />
      <Entry
        icon={<Star size="0.875rem" />}
        label={t('starred')}
        count={starredCount}
        active={starred}
        onClick={() => onChoose({ folder: undefined, starred: true })}
      />
      {tree.folders.length > 0 && <p className="px-2 pt-3 pb-1 text-faint text-sm">{t('folders')}</p>}
      <Branch folders={tree.folders} depth={0} chosen={folder} onChoose={(path) => onChoose({ folder: path, starred: undefined })} />
    </nav>
  );
}

interface BranchProps {
  folders: Folder[];
  depth: number;
  chosen: string | undefined;
  onChoose: (path: string) => void;
}

function Branch({ folders, depth, chosen, onChoose }: BranchProps) {
  return folders.map((one) => (
    <div key={one.path} className="contents">
      <Entry
        icon={<FolderIcon size="0.875rem" />}
        label={one.name}
        count={one.count}
        depth={depth}
        active={chosen === one.path}
        onClick={() => onChoose(one.path)}
      />
      <Branch folders={one.folders} depth={depth + 1} chosen={chosen} onChoose={onChoose} />
    </div>
  ));
}

interface EntryProps {
  icon: ReactNode;
  label: string;
  count: number;
  depth?: number;
  active: boolean;
  onClick: () => void;
}

function Entry({ icon, label, count, depth = 0, active, onClick }: EntryProps) {
  return (
    <button
      type="button"
      aria-current={active ? 'true' : undefined}
      onClick={onClick}
      className={cn(
        'flex h-7 shrink-0 items-center gap-2 rounded-md px-2 text-muted hover:bg-hover hover:text-foreground',
        active && 'bg-selected text-foreground',
      )}
      style={{ paddingInlineStart: `${0.5 + depth}rem` }}
    >
      <span className="text-faint">{icon}</span>
      <span className="min-w-0 flex-1 truncate text-start">{label}</span>
      <span className="text-faint text-sm">{count}</span>
    </button>
  );
}
