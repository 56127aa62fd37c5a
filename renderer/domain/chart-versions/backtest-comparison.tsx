import { useEffect, useMemo } from 'react';
import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import type { ChartDrawing, SeriesSelector } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import { formatNumber } from '#common/format.ts';
import { firstChangedFiring } from '#common/rules/changed-firing.ts';
import { dayMs, weekMs } from '#common/time/durations.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { When } from '#renderer/ui/time.tsx';
import { type Backtest, useBacktest } from '../backtest/use-backtest.ts';
import { words } from './words.ts';

/** How long before now a rule is tried, ms. */
const rangeMs = 30 * dayMs;
const nothing: SeriesSelector = { from: 'signal', loaderCode: 'none' };

type Measured = Pick<ChartDrawing, 'selector' | 'variables' | 'unit'>;

interface BacktestComparisonProps {
  connectionId: string;
  rule: RuleInput;
  before: Measured;
  after: Measured;
  /** Called once both sides are measured, or can't be. */
  onDone?: () => void;
}

/** How often a rule would have fired over the last 30 days with two versions of its chart, and where that differs first. */
export function BacktestComparison({ connectionId, rule, before, after, onDone }: BacktestComparisonProps) {
  const t = useText(words);
  const old = useSide(connectionId, rule, before);
  const next = useSide(connectionId, rule, after);
  const isDone = isSettled(old) && isSettled(next);
  useEffect(() => {
    if (isDone) onDone?.();
  }, [isDone, onDone]);
  const first = useMemo(() => firstChangedFiring(old.firings, next.firings), [old.firings, next.firings]);
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-0.5" aria-busy={!isDone}>
      <Side name={t('before')} backtest={old} />
      <Side name={t('after')} backtest={next} />
      {old.state === 'done' && next.state === 'done' && (
        <>
          <dt className="text-faint">{t('firstChange')}</dt>
          <dd>{first === null ? t('noChange') : <When at={first} style="full" />}</dd>
        </>
      )}
    </dl>
  );
}

function Side({ name, backtest }: { name: string; backtest: Backtest }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd>
        <Figures {...backtest} />
      </dd>
    </>
  );
}

function Figures({ state, firings, plan, progress }: Backtest) {
  const t = useText(words);
  if (state === 'unfinished') return <span className="text-warning">{t('unmeasurable')}</span>;
  if (state === 'failed') return <span className="text-warning">{t('unread')}</span>;
  if (state !== 'done' || plan === null)
    return (
      <span className="text-muted">{state === 'measuring' ? t('measuring', { percent: Math.round(100 * progress) }) : t('reading')}</span>
    );
  const { from, to } = plan.times;
  const days = Math.round((to - from) / dayMs);
  const perWeek = firings.length / Math.max((to - from) / weekMs, 1 / 7);
  return (
    <>
      {t('firings', { count: firings.length })} <span className="text-muted">{t('perWeek', { count: formatNumber(round(perWeek)) })}</span>
      {plan.isShortened && <span className="text-muted"> · {t('shortened', { count: days })}</span>}
    </>
  );
}

const round = (value: number): number => Math.round(10 * value) / 10;
const isSettled = ({ state }: Backtest): boolean => state === 'done' || state === 'failed' || state === 'unfinished';

/** Tries the rule on a version of the chart; `unfinished` if that has a variable without a value. */
function useSide(connectionId: string, rule: RuleInput, { selector, variables, unit }: Measured): Backtest {
  const bound = useMemo(() => boundOrNull({ selector, variables }), [selector, variables]);
  return useBacktest({ connectionId, selector: bound ?? nothing, rule: bound === null ? null : rule, unit, rangeMs });
}

function boundOrNull({ selector, variables }: Pick<ChartDrawing, 'selector' | 'variables'>): SeriesSelector | null {
  try {
    return bindSelector(selector, resolveValues(variables));
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
