import { useState } from 'react';
import type { Rule, SeriesStatus } from '#common/contract/rules.ts';
import { seriesName } from '#renderer/domain/alerts.ts';
import { ReasonLine } from '#renderer/domain/rules/reason-line.tsx';
import { ruleStatus, worstFirst } from '#renderer/domain/rules/rule-states.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Age } from '#renderer/ui/time.tsx';
import type { ListState } from './rule-list.ts';
import { words } from './words.ts';

/** Series shown until the person asks for all. */
const firstShown = 8;

const byState = (a: SeriesStatus, b: SeriesStatus): number => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state);

/** Why a rule is in its state: each of its series, the worst first, with the reasons of the last evaluation. */
export function SeriesStates({ rule, state }: { rule: Rule; state: ListState }) {
  const t = useText(words);
  const [isWhole, setIsWhole] = useState(false);
  if (state === 'paused') return <p className="text-muted">{t('whyPaused')}</p>;
  if (rule.statuses.length === 0) return <p className="text-muted">{t('whyUnevaluated')}</p>;
  const all = [...rule.statuses].sort(byState);
  const shown = isWhole ? all : all.slice(0, firstShown);
  return (
    <>
      <ul className="flex flex-col gap-2.5">
        {shown.map((status) => (
          <OneSeries key={status.seriesKey} status={status} isOnly={all.length === 1} />
        ))}
      </ul>
      {all.length > shown.length && (
        <Button size="sm" variant="ghost" className="self-start" onClick={() => setIsWhole(true)}>
          {t('showAll', { count: all.length })}
        </Button>
      )}
    </>
  );
}

function OneSeries({ status: { state, labels, since, reasons }, isOnly }: { status: SeriesStatus; isOnly: boolean }) {
  const t = useText(words);
  const name = seriesName(labels);
  return (
    <li>
      <div className="flex items-baseline gap-2">
        <StatusSymbol status={ruleStatus[state]} />
        {(name !== '' || !isOnly) && <bdi className="min-w-0 truncate font-medium">{name || t('wholeRule')}</bdi>}
        <Age at={since} bare className="ms-auto text-faint text-sm" />
      </div>
      {reasons.length === 0 && <p className="text-muted">{t('noReason')}</p>}
      {reasons.map((reason) => (
        <ReasonLine key={`${reason.kind} ${reason.text}`} reason={reason} />
      ))}
    </li>
  );
}
