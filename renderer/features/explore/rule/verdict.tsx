import { labelsKey, type Severity } from '#common/contract/primitives.ts';
import type { Interval } from '#common/time/intervals.ts';
import { seriesName } from '#renderer/domain/alerts.ts';
import { severityVariable } from '#renderer/domain/severity.tsx';
import { formatDuration, formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { When } from '#renderer/ui/time.tsx';
import type { DryRun } from './use-dry-run.ts';
import { ruleWords } from './words.ts';

/** Maximum number of firings listed; the strip shows all. */
const maxListed = 8;

interface VerdictProps {
  dry: DryRun;
  /** The rule's own evaluation interval, ms. */
  everyMs: number;
  interval: Interval;
  severity: Severity;
}

/** Summarises how often, when and for which series the rule would have fired over the range shown. */
export function Verdict({ dry, everyMs, interval, severity }: VerdictProps) {
  const t = useText(ruleWords);
  const { language } = usePreferences();
  const { firings, state, stepMs, isDamaged } = dry;
  if (state !== 'evaluated') {
    const word = { unfinished: 'unfinished', reading: 'reading', unknown: 'notEvaluated' } as const;
    return (
      <p role="status" className="text-muted">
        {t(word[state])}
      </p>
    );
  }
  const lines = new Set(firings.map(({ labels }) => labelsKey(labels))).size;
  const still = firings.some(({ to }) => to === null);
  const verdict =
    firings.length === 0
      ? t('wouldNot')
      : [t('wouldHave', { count: firings.length }), t('lines', { count: lines }), ...(still ? [t('still')] : [])].join(' ');
  const sentence = isDamaged ? t('onDamaged', { verdict }) : verdict;
  const share = (at: number) => `${(100 * (at - interval.from)) / (interval.to - interval.from)}%`;
  return (
    <section aria-label={t('firings')} className="flex flex-col gap-2">
      <p role="status" className="font-semibold">
        {sentence}.
      </p>
      <div className="relative h-4 overflow-hidden rounded-sm bg-hover">
        {firings.map(({ labels, from, to }) => (
          <span
            key={`${labelsKey(labels)} ${from}`}
            className="absolute inset-y-0 min-w-0.5 opacity-80"
            style={{
              insetInlineStart: share(from),
              width: `calc(${share((to ?? interval.to) - from + interval.from)})`,
              background: `var(${severityVariable(severity)})`,
            }}
          />
        ))}
      </div>
      {stepMs > everyMs && (
        <p className="text-faint text-sm">
          {t('coarseSteps', { step: formatSetDuration(stepMs, language), every: formatSetDuration(everyMs, language) })}
        </p>
      )}
      {firings.length > 0 && (
        <ul className="text-muted text-sm">
          {firings.slice(-maxListed).map(({ labels, from, to }) => (
            <li key={`${labelsKey(labels)} ${from}`} className="flex gap-2">
              <When at={from} style="full" />
              <bdi>{seriesName(labels)}</bdi>
              <span className="text-faint">
                {to === null ? t('fires') : t('lasted', { duration: formatDuration(to - from, language) })}
              </span>
            </li>
          ))}
          {firings.length > maxListed && <li className="text-faint">{t('more', { count: firings.length - maxListed })}</li>}
        </ul>
      )}
    </section>
  );
}
