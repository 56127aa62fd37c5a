import { memo, useCallback, useMemo } from 'react';
import { labelsKey } from '#common/contract/primitives.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import { type BacktestFiring, type BacktestTimes, nightsDisturbed } from '#common/rules/backtest.ts';
import { firedDuring, incidentOf } from '#common/rules/suggest.ts';
import { weekMs } from '#common/time/durations.ts';
import type { Interval } from '#common/time/intervals.ts';
import { zoneOf } from '#common/time/zone.ts';
import { describeReason } from '#common/words/reasons.ts';
import { seriesName } from '#renderer/domain/alerts.ts';
import type { HistoryPlan } from '#renderer/domain/backtest/history.ts';
import type { Backtest } from '#renderer/domain/backtest/use-backtest.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { formatDuration, formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { When } from '#renderer/ui/time.tsx';
import { firingMarks } from './firing-marks.ts';
import type { Incidents } from './incidents/use-incidents.ts';
import { incidentWords } from './incidents/words.ts';
import { Strip } from './strip.tsx';
import { words } from './words.ts';

/** Maximum number of firings listed; the strip shows all. */
const maxListed = 20;

interface BacktestPanelProps {
  backtest: Backtest;
  /** How often the rule is evaluated, ms. */
  everyMs: number;
  marks: Incidents;
}

/** How often, when and why the rule would have fired. Rendered again only for other firings or incidents, not for every step of a drag. */
export const BacktestPanel = memo(function BacktestPanel({ backtest, everyMs, marks }: BacktestPanelProps) {
  const t = useText(words);
  const { state, firings, plan, progress, isDamaged } = backtest;
  const drawn = useMemo(() => (plan === null ? [] : firingMarks(firings, plan.times)), [firings, plan]);
  const markOne = useCallback((incident: Interval) => marks.mark([incident]), [marks]);
  if (state === 'unfinished')
    return (
      <p role="status" className="min-h-28 text-muted">
        {t('unfinished')}
      </p>
    );
  if (state === 'failed' || state === 'reading' || state === 'measuring' || plan === null)
    return (
      <p role="status" className="min-h-28 text-muted">
        {state === 'measuring' ? t('measuring', { percent: Math.round(100 * progress) }) : t(state === 'failed' ? 'failed' : 'reading')}
      </p>
    );
  return (
    <section aria-label={t('firings')} className="flex min-h-28 flex-col gap-2">
      <Summary firings={firings} interval={plan.times} />
      <Strip marks={drawn} incidents={marks.incidents} interval={plan.times} isBelowPlot={!plan.isShortened} onMark={markOne} />
      <Limits plan={plan} everyMs={everyMs} />
      {isDamaged && <p className="text-sm text-warning">{t('onDamaged')}</p>}
      <FiringList firings={firings} times={plan.times} tried={backtest.rule} marks={marks} />
    </section>
  );
});

function Summary({ firings, interval }: { firings: readonly BacktestFiring[]; interval: Interval }) {
  const t = useText(words);
  const { clock } = usePreferences();
  const weeks = (interval.to - interval.from) / weekMs;
  const zone = useMemo(() => zoneOf(clock), [clock]);
  const nights = nightsDisturbed(firings, zone);
  if (firings.length === 0)
    return (
      <p aria-live="polite" className="font-semibold">
        {t('wouldNot')}.
      </p>
    );
  return (
    <p aria-live="polite" className="flex flex-wrap items-baseline gap-x-4">
      <span className="font-semibold">{t('wouldHave', { count: firings.length })}</span>
      {weeks >= 1 && <span className="text-muted">{t('perWeek', { count: Math.round((10 * firings.length) / weeks) / 10 })}</span>}
      <span className="text-muted" title={t('nightsHint')}>
        {t('nights', { count: nights })}
      </span>
    </p>
  );
}

function Limits({ plan: { times, isShortened }, everyMs }: Pick<BacktestPanelProps, 'everyMs'> & { plan: HistoryPlan }) {
  const t = useText(words);
  const { language } = usePreferences();
  return (
    <>
      {isShortened && <p className="text-faint text-sm">{t('shortened', { range: formatDuration(times.to - times.from, language) })}</p>}
      {times.everyMs > everyMs && (
        <p className="text-faint text-sm">
          {t('coarse', { step: formatSetDuration(times.everyMs, language), every: formatSetDuration(everyMs, language) })}
        </p>
      )}
    </>
  );
}

interface FiringListProps {
  firings: readonly BacktestFiring[];
  times: BacktestTimes;
  tried: RuleInput | null;
  marks: Incidents;
}

function FiringList({ firings, times, tried, marks }: FiringListProps) {
  const t = useText(words);
  const { language } = usePreferences();
  if (firings.length === 0) return null;
  return (
    <ul className="flex flex-col divide-y text-sm">
      {firings
        .slice(-maxListed)
        .reverse()
        .map(({ labels, from, to, severity, reasons }) => (
          <li key={`${labelsKey(labels)} ${from}`} className="flex flex-col py-1.5">
            <span className="flex flex-wrap items-baseline gap-x-3">
              <SeveritySymbol severity={severity} bare size={10} />
              <When at={from} style="full" />
              <bdi>{seriesName(labels)}</bdi>
              <span className="text-muted">
                {to === null ? t('stillFiring') : t('lasted', { duration: formatDuration(to - from, language) })}
              </span>
              {tried && <Real firing={{ from, to }} {...{ times, tried, marks }} />}
            </span>
            <span dir="auto" className="text-faint">
              {reasons
                .filter(({ holds }) => holds)
                .map((reason) => describeReason(reason, language))
                .join(' ')}
            </span>
          </li>
        ))}
      {firings.length > maxListed && <li className="py-1.5 text-faint">{t('moreFirings', { count: firings.length - maxListed })}</li>}
    </ul>
  );
}

interface RealProps extends Omit<FiringListProps, 'firings'> {
  firing: Pick<BacktestFiring, 'from' | 'to'>;
  tried: RuleInput;
}

/** Marks a firing as an incident; says so where one is marked. */
function Real({ firing, times, tried, marks: { incidents, mark } }: RealProps) {
  const t = useText(incidentWords);
  if (incidents.some((incident) => firedDuring(firing, incident, times.to)))
    return <span className="ms-auto text-accent">{t('isIncident')}</span>;
  return (
    <Button
      size="sm"
      variant="ghost"
      className="ms-auto"
      tooltip={t('wasRealHint')}
      onClick={() => mark([incidentOf(firing, tried, times)])}
    >
      {t('wasReal')}
    </Button>
  );
}
