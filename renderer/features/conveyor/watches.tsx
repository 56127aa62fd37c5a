import { Link } from '@tanstack/react-router';
import type { RuleStateName } from '#common/contract/rules.ts';
import { describeConditions } from '#common/words/conditions.ts';
import { places } from '#renderer/domain/places.ts';
import { useAlerts } from '#renderer/domain/queries/index.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { type Status, StatusSymbol } from '#renderer/domain/status.tsx';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Age } from '#renderer/ui/time.tsx';
import type { Watch } from './measures.ts';
import { measures } from './measures.ts';
import { words } from './words.ts';

const symbol: Record<RuleStateName, Status> = { OK: 'ok', PENDING: 'pending', FIRING: 'firing', NO_DATA: 'no-data', ERROR: 'error' };

interface WatchesProps {
  watches: readonly Watch[];
  belt: string;
  connectionId: string;
}

/** The rules that evaluate this belt: when each fires, and its current state. */
export function Watches({ watches, belt, connectionId }: WatchesProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const alerts = useAlerts().data ?? [];
  if (watches.length === 0) return <p className="text-muted text-sm">{t('noRules')}</p>;
  return (
    <ul className="flex flex-col gap-2">
      {watches.map(({ rule, status }) => {
        const firing = alerts.find(
          (one) =>
            one.connectionId === connectionId && one.ruleCode === rule.code && one.state === 'FIRING' && one.labels['segment'] === belt,
        );
        // The alert arrives by event, the rule's own status only with the next read.
        const stands = firing && (status === null || status.state === 'OK') ? { state: 'FIRING' as const, since: firing.firedAt } : status;
        const unit = measures.find((one) => one.chart === rule.chartCode)?.unit || t('itemsUnit');
        return (
          <li key={rule.code} className="text-sm">
            <p className="flex items-center gap-2">
              <SeveritySymbol severity={rule.severity} bare hollow={stands?.state !== 'FIRING'} />
              <Link
                {...places.rules({ connection: connectionId, rule: rule.code })}
                className="min-w-0 truncate font-medium underline-offset-2 hover:underline"
              >
                {rule.name}
              </Link>
              <span className="ms-auto flex items-center gap-2">
                {!rule.enabled ? (
                  <StatusSymbol status="paused" label={t('off')} />
                ) : stands ? (
                  <>
                    <StatusSymbol status={symbol[stands.state]} />
                    <Age at={stands.since} bare className="text-faint" />
                  </>
                ) : (
                  <span className="text-faint">{t('notJudged')}</span>
                )}
              </span>
            </p>
            <p className="truncate text-faint">
              {t('ruleFires', {
                condition: describeConditions(rule, unit, language),
                hold: rule.forMs > 0 ? t('for', { duration: formatSetDuration(rule.forMs, language) }) : t('atOnce'),
              })}
              {firing && (
                <>
                  {' · '}
                  <Link {...places.alert(connectionId, firing.id)} className="text-accent underline underline-offset-2">
                    {t('openAlert')}
                  </Link>
                </>
              )}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
