import { X } from 'lucide-react';
import { memo, useMemo } from 'react';
import type { BacktestTimes } from '#common/rules/backtest.ts';
import { firedDuring, incidentOf, scoreFirings } from '#common/rules/suggest.ts';
import { weekMs } from '#common/time/durations.ts';
import { intersect } from '#common/time/intervals.ts';
import { RangeForm } from '#renderer/charts/range-picker/range-form.tsx';
import type { Backtest } from '#renderer/domain/backtest/use-backtest.ts';
import { intervalAt } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { formatDuration, formatSetting } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { When } from '#renderer/ui/time.tsx';
import { drawnThreshold } from '../draft.ts';
import { type Incidents, useAcknowledgedFirings } from './use-incidents.ts';
import { type Suggestion, useSuggestions } from './use-suggestions.ts';
import { incidentWords } from './words.ts';

interface IncidentsPanelProps {
  connectionId: string;
  /** Null for a new rule. */
  storedCode: string | null;
  unit: string;
  backtest: Backtest;
  interval: BacktestTimes;
  marks: Incidents;
  /** Undefined while the threshold can't be changed. */
  onThreshold: ((threshold: number) => void) | undefined;
}

/**
 * When incidents were, and the thresholds that would have caught them. Rendered again only for other firings or incidents, not for every
 * step of a drag.
 */
export const IncidentsPanel = memo(function IncidentsPanel(props: IncidentsPanelProps) {
  const t = useText(incidentWords);
  const { connectionId, storedCode, marks, backtest, interval } = props;
  const { incidents, mark } = marks;
  const acknowledged = useAcknowledgedFirings(connectionId, storedCode, interval);
  const { rule } = backtest;
  const unmarked = acknowledged.filter((firing) => !incidents.some((incident) => firedDuring(firing, incident, interval.to)));
  return (
    <section aria-label={t('incidents')} className="flex flex-col gap-2 border-t pt-2">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="font-semibold">{t('incidents')}</span>
        <span className="text-faint text-sm">{t('incidentsHint')}</span>
      </p>
      {incidents.length > 0 && <IncidentList marks={marks} />}
      {rule !== null && unmarked.length > 0 && (
        <Button size="sm" className="self-start" onClick={() => mark(unmarked.map((firing) => incidentOf(firing, rule, interval)))}>
          {t('markAcknowledged', { count: unmarked.length })}
        </Button>
      )}
      <MarkByTimes marks={marks} />
      {incidents.length > 0 && <Suggestions {...props} />}
    </section>
  );
});

const MarkByTimes = memo(function MarkByTimes({ marks }: { marks: Incidents }) {
  const t = useText(incidentWords);
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted">{t('markByTimes')}</summary>
      <div className="pt-2">
        <RangeForm onChoose={(range) => marks.mark([intervalAt(range, Date.now())])} />
      </div>
    </details>
  );
});

function IncidentList({ marks: { incidents, remove } }: { marks: Incidents }) {
  const t = useText(incidentWords);
  const { language } = usePreferences();
  return (
    <ul className="flex flex-wrap gap-2 text-sm">
      {incidents.map((incident, i) => (
        <li key={incident.from} className="flex items-center gap-2 rounded-md border ps-2">
          <When at={incident.from} style="full" />
          <span className="text-muted">{t('lasted', { duration: formatDuration(incident.to - incident.from, language) })}</span>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={t('removeIncident', { number: i + 1 })}
            tooltip={t('removeIncident', { number: i + 1 })}
            onClick={() => remove(incident)}
          >
            <X className="size-3.5" />
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** What the threshold of now and each suggested one would have caught. */
function Suggestions({ unit, backtest, interval, marks, onThreshold }: IncidentsPanelProps) {
  const t = useText(incidentWords);
  const { rule, histories, firings, state } = backtest;
  const within = useMemo(() => intersect(marks.incidents, [interval]), [marks.incidents, interval]);
  const suggestions = useSuggestions({ rule: state === 'done' ? rule : null, unit, histories, incidents: within });
  if (rule === null) return null;
  const drawn = drawnThreshold(rule);
  if (drawn === null) return <p className="text-faint text-sm">{t('nothingToSuggest')}</p>;
  const now: Suggestion = { threshold: drawn.threshold, ...scoreFirings(firings, within, interval.to) };
  const weeks = Math.max(1, (interval.to - interval.from) / weekMs);
  const row = (one: Suggestion, isNow: boolean) => (
    <tr key={isNow ? 'now' : one.threshold} className="border-t">
      <td className="py-1 pe-3 tabular-nums">
        <bdi>{formatSetting(one.threshold, unit)}</bdi>
      </td>
      <td className="py-1 pe-3">
        {t('caught', { count: one.caught, all: within.length })}
        {one.missed > 0 && <span className="text-warning"> · {t('missed', { count: one.missed })}</span>}
      </td>
      <td className="py-1 pe-3">{t('falseFirings', { count: Math.round((10 * one.falseFirings) / weeks) / 10 })}</td>
      <td className="py-1 text-end">
        {isNow ? (
          <span className="text-faint">{t('thresholdNow')}</span>
        ) : (
          onThreshold && (
            <Button size="sm" onClick={() => onThreshold(one.threshold)}>
              {t('useThreshold', { threshold: formatSetting(one.threshold, unit) })}
            </Button>
          )
        )}
      </td>
    </tr>
  );
  const condition = rule.conditions[drawn.index];
  const hasOthers = condition?.kind === 'threshold' && (condition.clear !== undefined || (condition.levels ?? []).length > 0);
  const others = suggestions?.filter(({ threshold }) => threshold !== drawn.threshold);
  return (
    <>
      <table aria-label={t('suggestions')} className="w-full text-sm">
        <tbody>
          {state === 'done' && row(now, true)}
          {others?.map((one) => row(one, false))}
        </tbody>
      </table>
      {onThreshold && hasOthers && (others ?? []).length > 0 && <p className="text-muted text-sm">{t('othersMove')}</p>}
      {state === 'done' && suggestions === null && (
        <p role="status" className="text-muted text-sm">
          {t('suggesting')}
        </p>
      )}
      {suggestions?.length === 0 && <p className="text-faint text-sm">{t('nothingToSuggest')}</p>}
    </>
  );
}
