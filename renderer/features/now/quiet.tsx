import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { useConnection } from '#renderer/domain/address.ts';
import { useRules } from '#renderer/domain/queries/index.ts';
import { ruleState } from '#renderer/domain/rules/rule-states.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Loading } from '#renderer/ui/states.tsx';
import { useNow } from '#renderer/ui/time.tsx';
import { quietSince } from './health-cells.ts';
import { messages } from './messages.ts';

/** After this long without an evaluation, the absence of alerts proves nothing, ms. */
const blindAfterMs = 60_000;

/** One line that says all is well, and since when; or that no rules are being evaluated. */
export function Quiet({ ownedCount, alerts }: { ownedCount: number; alerts: readonly FeedAlert[] }) {
  const t = useText(messages);
  const { language } = usePreferences();
  const now = useNow();
  const { connection } = useConnection();
  const { data, error } = useRules(connection?.id);
  const rules = data?.rules.filter((rule) => rule.enabled) ?? [];
  const evaluatedAt = connection?.rulesEvaluatedAt ?? null;
  const blind = connection?.state !== 'live' || evaluatedAt === null || now - evaluatedAt > blindAfterMs;
  const last = Math.max(0, ...alerts.map((alert) => alert.firedAt));
  const since = (at: number) => formatDuration(now - at, language);
  const quiet = rules.filter((rule) => ruleState(rule).state === 'OK').length;
  const watchedFrom = quietSince(rules, now);
  const evidence = [
    ...(blind ? [t('quiet', { count: quiet })] : []),
    ...(evaluatedAt === null ? [] : [t('evaluated', { age: since(evaluatedAt) })]),
    ...(last > 0 ? [t('lastAlert', { age: since(last) })] : watchedFrom === null ? [] : [t('noAlertFor', { age: since(watchedFrom) })]),
  ].join(' · ');
  if (!data && !error) return <Loading rows={1} className="px-0" />;
  if (!data) return <StatusSymbol status="stale" size={16} label={t('rulesFailed')} className="whitespace-normal text-lg" />;
  return (
    <section className="flex min-h-row flex-col gap-1 py-1">
      {blind ? (
        <StatusSymbol status="stale" size={16} label={t('blind')} className="whitespace-normal text-lg" />
      ) : (
        <h2 className="font-normal text-lg">
          {rules.length === 0 && ownedCount === 0 ? t('noRules') : t('quiet', { count: quiet })}
          <span className="text-muted"> · {evidence}</span>
        </h2>
      )}
      {blind && <p className="text-muted">{evidence}</p>}
    </section>
  );
}
