import type { UseQueryResult } from '@tanstack/react-query';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import type { Cached } from '#common/contract/console/cached.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Panel } from '#common/contract/dashboards.ts';
import type { VersionEntry } from '#common/contract/versions.ts';
import { diffDocuments } from '#common/versions/diff.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { Confirm } from '#renderer/ui/confirm.tsx';
import { DiffView } from '#renderer/ui/diff-view.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Badge, ScrollArea } from '#renderer/ui/parts.tsx';
import { Empty, ErrorState, Loading, Stale } from '#renderer/ui/states.tsx';
import { Age, When } from '#renderer/ui/time.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import { Segmented } from '#renderer/ui/toggles.tsx';
import { usePermission } from '../permission.ts';
import { useNote, usePlaceName } from './places.ts';
import { words } from './words.ts';

/** The fields of a dashboard, chart or rule that its history uses. */
interface Versioned {
  code: string;
  version: number;
  createdAt: number;
  createdBy: string;
}
type Body = object & { panels?: readonly Panel[] };

/** Hooks that read the versions of one kind. */
interface VersionHooks {
  useVersions: (connectionId: string, code: string) => UseQueryResult<Cached<VersionEntry[]>>;
  useVersion: (
    connectionId: string,
    code: string,
    version: number | undefined,
  ) => UseQueryResult<Cached<{ entry: VersionEntry; body: Body } | null>>;
}

/** A version is about to be restored. */
export interface RestoreQuestion {
  body: Body;
  onConfirm: () => void;
  onClose: () => void;
}

interface VersionHistoryProps {
  connection: Connection;
  subject: Versioned;
  hooks: VersionHooks;
  /** The version on view; 0 for the newest. */
  version: number;
  onChoose: (version: number) => void;
  /** Makes an earlier version the newest again. */
  restore: (version: number) => Promise<unknown>;
  /** Asks before a version is restored; by default a question without details does. */
  confirm?: ((question: RestoreQuestion) => ReactNode) | undefined;
  /** Why nothing can be restored now, apart from the person's role. */
  denied?: string | undefined;
}

/** All versions with author, time and changes. Compares a version with the one before it or the newest, and can restore it. */
export function VersionHistory({ connection, subject, hooks, version, ...props }: VersionHistoryProps) {
  const t = useText(words);
  const { data, error, refetch } = hooks.useVersions(connection.id, subject.code);
  const chosen = version === 0 ? subject.version : version;
  if (error && !data) return <ErrorState title={t('versionsFailed')} error={error} retry={() => void refetch()} />;
  if (!data) return <Loading rows={5} />;
  return (
    <Stale stale={connection.state !== 'live'} asOf={data.asOf} className="flex h-full min-h-0 flex-col">
      <p className="pb-2 text-faint text-sm">
        {t('createdLine', { name: subject.createdBy })} · <When at={subject.createdAt} style="full" />
      </p>
      <div className="grid min-h-0 flex-1 grid-cols-[17rem_1fr] rounded-md border">
        <Entries entries={data.value} chosen={chosen} newest={subject.version} onChoose={props.onChoose} />
        <Comparison connection={connection} subject={subject} hooks={hooks} entries={data.value} chosen={chosen} {...props} />
      </div>
    </Stale>
  );
}

interface EntriesProps {
  entries: readonly VersionEntry[];
  chosen: number;
  newest: number;
  onChoose: (version: number) => void;
}

function Entries({ entries, chosen, newest, onChoose }: EntriesProps) {
  const t = useText(words);
  const noteOf = useNote();
  return (
    <ScrollArea className="border-e">
      <ol>
        {entries.map((entry) => (
          <li key={entry.version}>
            <button
              type="button"
              aria-current={entry.version === chosen ? 'true' : undefined}
              onClick={() => onChoose(entry.version)}
              className={cn(
                'flex w-full flex-col gap-0.5 border-b px-3 py-2 text-start hover:bg-hover',
                entry.version === chosen && 'bg-selected',
              )}
            >
              <span className="flex items-center gap-2">
                <span className="font-medium">{t('version', { version: entry.version })}</span>
                {entry.version === newest && <Badge>{t('newest')}</Badge>}
                <span className="flex-1" />
                <Age at={entry.at} className="text-faint text-sm" />
              </span>
              <span className="text-muted text-sm">
                <bdi>{entry.by}</bdi> · <bdi>{noteOf(entry.note)}</bdi>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </ScrollArea>
  );
}

type Against = 'before' | 'newest';

interface ComparisonProps extends Omit<VersionHistoryProps, 'version'> {
  entries: readonly VersionEntry[];
  chosen: number;
}

/** Compares a version with the one before it or the newest, and offers to restore it. */
function Comparison({ connection, subject, hooks, entries, chosen, onChoose, restore, confirm, denied }: ComparisonProps) {
  const t = useText(words);
  const [against, setAgainst] = useState<Against>('before');
  const [asking, setAsking] = useState(false);
  const role = usePermission(connection, 'OPERATOR', true);
  const newest = subject.version;
  const { here, other, left, right, changes, nameOf, unread } = useSides({ connection, subject, hooks, entries, chosen, against });
  const rollback = useMutation({
    mutationFn: () => restore(chosen),
    onSuccess: () => {
      toast({ message: t('rolledBack', { version: chosen }), lastsMs: 6_000 });
      onChoose(0);
    },
  });
  const versionName = (number: number | undefined) => (number === undefined ? '' : t('version', { version: number }));
  const names = against === 'newest' ? [chosen, other] : [other, chosen];
  return (
    <div className="flex min-h-0 min-w-0 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b px-3 py-2">
        <Segmented
          label={t('versions')}
          value={against}
          options={[
            { value: 'before', label: t('compareWith') },
            { value: 'newest', label: t('compareNewest') },
          ]}
          onChange={setAgainst}
        />
        <span className="flex-1" />
        {chosen !== newest && (
          <Button disabledReason={denied ?? role} onClick={() => setAsking(true)}>
            {t('rollback')}
          </Button>
        )}
      </div>
      {rollback.error && <ErrorState title={t('rollbackFailed')} error={rollback.error} />}
      <ScrollArea className="flex-1">
        {here.error && <ErrorState title={t('versionsFailed')} error={here.error} retry={() => void here.refetch()} />}
        {unread && <Empty>{t('versionUnread')}</Empty>}
        {!unread && other === undefined && <Empty>{t('firstVersion')}</Empty>}
        {changes && left && right && (
          <DiffView changes={changes} before={versionName(names[0])} after={versionName(names[1])} nameOf={nameOf} />
        )}
        {against === 'newest' && chosen === newest && here.data?.value && <DiffView changes={[]} before="" after="" />}
      </ScrollArea>
      {asking && (
        <Question
          version={chosen}
          body={here.data?.value?.body}
          confirm={confirm}
          onConfirm={() => rollback.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

interface QuestionProps extends Pick<VersionHistoryProps, 'version' | 'confirm'>, Pick<RestoreQuestion, 'onConfirm' | 'onClose'> {
  /** Undefined while the version isn't read. */
  body: Body | undefined;
}

function Question({ version, body, confirm, onConfirm, onClose }: QuestionProps) {
  const t = useText(words);
  const own = body && confirm?.({ body, onConfirm, onClose });
  if (own) return own;
  return (
    <Confirm title={t('rollbackTitle', { version })} action={t('rollback')} onConfirm={onConfirm} onClose={onClose}>
      {t('rollbackAbout')}
    </Confirm>
  );
}

interface SidesOptions extends Pick<ComparisonProps, 'connection' | 'subject' | 'hooks' | 'entries' | 'chosen'> {
  against: Against;
}

/**
 * Returns both versions of a comparison, the older one on the left, and their differences. `other` is undefined if there is no earlier
 * version.
 */
function useSides({ connection, subject, hooks, entries, chosen, against }: SidesOptions) {
  const before = entries[entries.findIndex((entry) => entry.version === chosen) + 1]?.version;
  const other = against === 'newest' ? subject.version : before;
  const here = hooks.useVersion(connection.id, subject.code, chosen);
  const there = hooks.useVersion(connection.id, subject.code, other === chosen ? undefined : other);
  const sides = [there.data?.value?.body, here.data?.value?.body];
  const [left, right] = against === 'newest' ? sides.reverse() : sides;
  const changes = useMemo(() => (left && right ? diffDocuments(left, right) : null), [left, right]);
  const nameOf = usePlaceName(useMemo(() => [right, left].filter((one) => one !== undefined), [right, left]));
  const unread = (here.data !== undefined && here.data.value === null) || (other !== undefined && there.data?.value === null);
  return { here, other, left, right, changes, nameOf, unread };
}
