import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { cn } from './cn.ts';
import { describeError } from './describe-error.ts';
import { formatDuration } from './format.ts';
import { useText } from './i18n.ts';
import { Icon, iconShapes } from './icon.tsx';
import { Progress, Skeleton } from './parts.tsx';
import { usePreferences } from './preferences.tsx';
import { useNow } from './time.tsx';
import { toast } from './toast.tsx';
import { Tooltip } from './tooltip.tsx';
import { words } from './words.ts';

export { describeError };

/** Shown the first time only; afterwards the last picture stays, dimmed. */
export function Loading({
  label,
  progress,
  rows = 4,
  className,
}: {
  label?: string;
  progress?: number;
  rows?: number;
  className?: string;
}) {
  const t = useText(words);
  return (
    <div role="status" className={cn('flex flex-col gap-2 p-4', className)}>
      <span className="text-faint text-sm">{label ?? t('loading')}</span>
      {progress !== undefined && <Progress value={progress} label={label ?? t('loading')} />}
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <Skeleton key={row} className="h-control" style={{ width: `${100 - row * 9}%` }} />
      ))}
    </div>
  );
}

/** A sentence on what will appear here, and a button that makes it appear. */
export function Empty({ children, action, className }: { children: ReactNode; action?: ReactNode; className?: string }) {
  return (
    <div className={cn('flex flex-col items-center justify-center gap-3 p-8 text-center text-muted', className)}>
      <p className="max-w-prose text-balance">{children}</p>
      {action}
    </div>
  );
}

interface ErrorProps {
  /** The failure, in the reader's terms: "The loaders could not be read". */
  title: string;
  error: unknown;
  retry?: (() => void) | undefined;
  className?: string;
}

/** Shows what failed, why and what to do, with buttons to retry and copy. The rest of the screen keeps working. */
export function ErrorState({ title, error, retry, className }: ErrorProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const known = describeError(error, language);
  const copy = async () => {
    const details = { what: title, ...known, at: new Date().toISOString(), page: location.href };
    await navigator.clipboard.writeText(JSON.stringify(details, null, 2));
    toast({ message: t('copied'), lastsMs: 2_000 });
  };
  return (
    <div role="alert" className={cn('flex flex-col items-start gap-3 p-4', className)}>
      <div>
        <Icon icon={iconShapes.error} label={title} className="font-medium" />
        <p className="mt-1 text-foreground">{known.message}</p>
        {known.hint && <p className="mt-1 text-muted">{known.hint}</p>}
      </div>
      <div className="flex gap-2">
        {retry && (
          <Button size="sm" onClick={retry}>
            {t('retry')}
          </Button>
        )}
        <Button size="sm" variant="ghost" onClick={copy}>
          {t('copyDetails')}
        </Button>
      </div>
    </div>
  );
}

interface StaleProps {
  /** When the content was last confirmed, ms; null if never. */
  asOf: number | null;
  /** True while it may be out of date: offline, or its answer is overdue. */
  stale: boolean;
  children: ReactNode;
  className?: string;
}

/** Shows the last known content with a hatched edge and its age. */
export function Stale({ asOf, stale, children, className }: StaleProps) {
  if (!stale) return <div className={className}>{children}</div>;
  return (
    <div className={cn('hatched-edge ps-3', className)}>
      <StaleNote asOf={asOf} />
      {children}
    </div>
  );
}

export function StaleNote({ asOf, className }: { asOf: number | null; className?: string }) {
  const t = useText(words);
  const { language } = usePreferences();
  const now = useNow();
  const label = asOf === null ? t('neverConfirmed') : t('staleNote', { age: formatDuration(now - asOf, language) });
  return <Icon icon={iconShapes.stale} label={label} className={cn('whitespace-normal py-1 text-sm', className)} />;
}

/** The age alone, in the corner of stale content. It takes no room, so nothing moves when the connection is lost or found. */
export function StaleMark({ asOf }: { asOf: number | null }) {
  const t = useText(words);
  const { language } = usePreferences();
  const now = useNow();
  const age = asOf === null ? null : formatDuration(now - asOf, language);
  return (
    <Tooltip content={age === null ? t('neverConfirmed') : t('staleNote', { age })}>
      <span className="absolute end-0 top-0 z-10 rounded-sm bg-surface px-1">
        <Icon icon={iconShapes.stale} label={age === null ? t('never') : t('old', { age })} className="text-sm" />
      </span>
    </Tooltip>
  );
}

interface ShownProblem {
  code?: string;
  message: string;
  hint?: string | undefined;
}

/** Shown next to a picture whose newest part could not be loaded. */
export function ProblemNote({ problem, className }: { problem: ShownProblem; className?: string }) {
  const { language } = usePreferences();
  const { message, hint = '' } = describeError(problem, language);
  return <Icon icon={iconShapes.failing} label={`${message} ${hint}`} className={cn('text-sm', className)} />;
}

/** A problem in the person’s language: what is wrong and, unless there is little room, what to do about it. */
export function ProblemText({ problem, short = false }: { problem: ShownProblem; short?: boolean }) {
  const { language } = usePreferences();
  const { message, hint } = describeError(problem, language);
  return <bdi>{short || hint === undefined ? message : `${message} ${hint}`}</bdi>;
}
