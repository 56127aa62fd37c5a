import { formatNumber } from '#common/format.ts';
import { words as chartVersionWords } from '#renderer/domain/chart-versions/words.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { type Status, StatusSymbol } from '#renderer/domain/status.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Badge } from '#renderer/ui/parts.tsx';
import { Age, useNow } from '#renderer/ui/time.tsx';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { isLate, type ListState, type RuleRow } from './rule-list.ts';
import { words } from './words.ts';

const statusOf = (state: ListState): Status => (state === 'unevaluated' ? 'starting' : state);

/** The state of a rule. A firing one has the shape and colour of its severity. */
export function StateCell({ state, rule, className }: Pick<RuleRow, 'state' | 'rule'> & { className?: string }) {
  const t = useText(words);
  if (state !== 'firing') return <StatusSymbol status={statusOf(state)} label={t(`state_${state}`)} className={className} />;
  return (
    <span className={cn('inline-flex items-center gap-1.5 whitespace-nowrap', className)}>
      <SeveritySymbol severity={rule.severity} bare />
      <span className="font-medium">{t('state_firing')}</span>
    </span>
  );
}

/** Name and code, and how many of several series are in the rule's state. */
export function NameCell({ rule, state, inState, ofSeries }: RuleRow) {
  const t = useText(words);
  const v = useText(chartVersionWords);
  const isSome = ofSeries > 1 && state !== 'ok';
  const isCrowded = isSome || rule.newChartVersion !== null;
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <bdi className="min-w-0 truncate font-medium">{rule.name}</bdi>
      {isSome && <span className="shrink-0 text-muted text-sm @max-lg:hidden">{t('ofSeries', { count: inState, all: ofSeries })}</span>}
      {rule.newChartVersion !== null && (
        <Badge tone="attention" className="shrink-0">
          <span aria-hidden="true" title={v('newVersion')}>
            {v('badge', { version: rule.newChartVersion })}
          </span>
          <span className="sr-only">{v('newVersion')}</span>
        </Badge>
      )}
      {/* The code has only the room that is left, so that the name isn't cut for it. */}
      <bdi className={cn('min-w-0 flex-1 basis-0 truncate text-faint text-sm', isCrowded && '@max-6xl:hidden')}>{rule.code}</bdi>
    </span>
  );
}

/** The age of the last evaluation; marked when the next one is overdue. */
export function EvaluatedCell({ rule }: Pick<RuleRow, 'rule'>) {
  const late = isLate(rule, useNow());
  if (!rule.enabled || rule.evaluatedAt === null) return <span className="text-faint">–</span>;
  if (late) return <StatusSymbol status="stale" label={<Age bare at={rule.evaluatedAt} />} />;
  return <Age at={rule.evaluatedAt} bare className="text-muted" />;
}

/** Firings in the last 7 days. */
export function FiredCell({ rule: { firedLastWeek, lastFiredAt } }: Pick<RuleRow, 'rule'>) {
  const t = useText(words);
  if (firedLastWeek === null) return <span className="text-faint">–</span>;
  const count = <span className={cn(firedLastWeek === 0 && 'text-faint')}>{formatNumber(firedLastWeek)}</span>;
  if (lastFiredAt === null) return count;
  return (
    <Tooltip
      content={
        <>
          {t('lastFired')} <Age at={lastFiredAt} />
        </>
      }
    >
      {count}
    </Tooltip>
  );
}

/** Firings in relation to the noisiest rule, as a bar with the rule's place. */
export function NoiseCell({ noise, rank }: Pick<RuleRow, 'noise' | 'rank'>) {
  const t = useText(words);
  if (rank === null) return <span className="text-faint">–</span>;
  return (
    <span className="flex items-center gap-1.5" title={t('rankLong', { rank })}>
      <span aria-hidden="true" className="h-1.5 min-w-0 flex-1 overflow-hidden rounded-full bg-hover">
        <span className="block h-full rounded-full bg-muted" style={{ width: `${Math.max(3, noise * 100)}%` }} />
      </span>
      <span className="w-7 shrink-0 text-end text-faint text-sm">
        <span className="sr-only">{t('rankLong', { rank })}</span>
        <bdi aria-hidden="true">{t('rank', { rank })}</bdi>
      </span>
    </span>
  );
}

export function OwnerCell({ rule: { owner } }: Pick<RuleRow, 'rule'>) {
  const t = useText(words);
  if (owner !== '') return <bdi className="block truncate">{owner}</bdi>;
  return (
    <span className="text-faint">
      <span aria-hidden="true">–</span>
      <span className="sr-only">{t('noOwner')}</span>
    </span>
  );
}
