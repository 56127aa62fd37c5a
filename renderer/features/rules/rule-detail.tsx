import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useEvaluatedChart } from '#renderer/domain/chart-versions/use-evaluated-chart.ts';
import { places } from '#renderer/domain/places.ts';
import { useCharts, useRuleFirings } from '#renderer/domain/queries/index.ts';
import { words as readyRuleWords } from '#renderer/domain/ready-rules/words.ts';
import { conditionSentence } from '#renderer/domain/rules/condition-sentence.ts';
import { words as ruleWords } from '#renderer/domain/rules/words.ts';
import { words as versionWords } from '#renderer/domain/versions/words.ts';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { ScrollArea, Skeleton } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { ErrorState, Stale } from '#renderer/ui/states.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { DetailHead, type RuleDetailProps } from './detail-head.tsx';
import { Firings } from './firings.tsx';
import { MadeFrom } from './made-from.tsx';
import { NewChartVersion } from './new-chart-version.tsx';
import { RuleChart } from './rule-chart.tsx';
import type { RuleRow } from './rule-list.ts';
import { SeriesStates } from './series-states.tsx';
import { words } from './words.ts';

/** One rule next to the list: when it fires, its chart, why it is in its state, when it fired, and what to do. */
export function RuleDetail(props: RuleDetailProps) {
  const { row, connection, asOf, denied } = props;
  const { rule, state } = row;
  const t = useText(words);
  const readyRules = useText(readyRuleWords);
  const firings = useRuleFirings(connection.id, rule.code);
  return (
    <article aria-label={rule.name} className="flex min-h-0 flex-1 flex-col">
      <DetailHead {...props} />
      <ScrollArea className="flex-1 px-4 pb-6">
        <Stale stale={connection.state !== 'live'} asOf={asOf} className="flex flex-col gap-5 pt-3">
          <Sentence row={row} />
          <ChartOf row={row} connection={connection} denied={denied} firings={firings.data?.value ?? []} />
          <Section title={t(`why_${state}`)}>
            <SeriesStates rule={rule} state={state} />
          </Section>
          <Section title={t('firings')}>
            <Firings connectionId={connection.id} firings={firings} />
          </Section>
          {rule.runbook !== '' && (
            <Section title={t('runbook')}>
              <p dir="auto" className="whitespace-pre-wrap text-pretty">
                {rule.runbook}
              </p>
            </Section>
          )}
          {rule.templateCode !== undefined && (
            <Section title={readyRules('readyRule')}>
              <MadeFrom row={row} templateCode={rule.templateCode} />
            </Section>
          )}
          <Section title={t('facts')}>
            <Facts row={row} />
          </Section>
        </Stale>
      </ScrollArea>
    </article>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-1.5">
      <h3 className="font-medium text-faint text-sm">{title}</h3>
      {children}
    </section>
  );
}

function Sentence({ row: { rule, unit } }: { row: RuleRow }) {
  const r = useText(ruleWords);
  const { language } = usePreferences();
  return (
    <div>
      <p className="text-pretty text-lg">{conditionSentence(r, rule, unit, language)}</p>
      <p className="text-faint text-sm">
        {r('evaluatedEvery', { duration: formatSetDuration(rule.evaluateEveryMs, language) })} ·{' '}
        {r('onNoData', { policy: r(`policy_${rule.onNoData}`) })}
      </p>
    </div>
  );
}

type ChartOfProps = Pick<RuleDetailProps, 'row' | 'connection' | 'denied'> & Pick<Parameters<typeof RuleChart>[0], 'firings'>;

/** The rule's chart and the version of it that waits, or why it can't be drawn. */
function ChartOf({ row, connection, denied, firings }: ChartOfProps) {
  const { rule, chart: newest } = row;
  const t = useText(words);
  const v = useText(versionWords);
  const charts = useCharts(connection.id);
  const { chart, isPending, isOlder, isUnread } = useEvaluatedChart(connection.id, newest, rule.chartVersion);
  if (chart && newest)
    return (
      <>
        {isOlder && chart.version < newest.version && (
          <NewChartVersion row={row} connection={connection} denied={denied} evaluated={chart} newest={newest} />
        )}
        <RuleChart rule={rule} chart={chart} isOlder={isOlder} connectionId={connection.id} firings={firings} />
      </>
    );
  if (isPending || charts.isPending) return <Skeleton className="h-60" />;
  if (isUnread) return <p className="text-muted">{v('versionUnread')}</p>;
  if (charts.error) return <ErrorState title={t('chartFailed')} error={charts.error} retry={() => void charts.refetch()} className="p-0" />;
  return <p className="text-muted">{t('chartUnknown', { code: rule.chartCode })}</p>;
}

function Facts({ row: { rule, chartTitle } }: { row: RuleRow }) {
  const t = useText(words);
  const { language } = usePreferences();
  const duration = (ms: number) => formatSetDuration(ms, language);
  const only = Object.entries(rule.matchLabels);
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1.5">
      <Fact name={t('code')}>
        <bdi>{rule.code}</bdi>
      </Fact>
      <Fact name={t('owner')}>{rule.owner === '' ? <span className="text-faint">{t('noOwner')}</span> : <bdi>{rule.owner}</bdi>}</Fact>
      <Fact name={t('chart')}>
        <Link {...places.library({ code: rule.chartCode })} className="text-accent underline underline-offset-2">
          <bdi>{chartTitle}</bdi>
        </Link>
      </Fact>
      {only.length > 0 && (
        <Fact name={t('labels')}>
          <bdi>{only.map(([name, value]) => `${name}=${value}`).join(' ')}</bdi>
        </Fact>
      )}
      {rule.keepFiringForMs > 0 && <Fact name={t('keepFiring')}>{duration(rule.keepFiringForMs)}</Fact>}
      {rule.suppressMs > 0 && <Fact name={t('suppress')}>{duration(rule.suppressMs)}</Fact>}
      <Fact name={t('changed')}>
        <Age at={rule.updatedAt} /> {t('by', { by: rule.updatedBy })}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
