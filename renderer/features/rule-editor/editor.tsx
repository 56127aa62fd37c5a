import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useDeferredValue, useMemo, useState } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import type { Rule } from '#common/contract/rules.ts';
import { DamageNote, type FiringInterval, type RuleSeries, ThresholdChart } from '#renderer/charts/index.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { Button } from '#renderer/ui/button.tsx';
import { formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { ScrollArea } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { BacktestPanel } from './backtest-panel.tsx';
import { drawnThreshold, type EditedRule, readDraft } from './draft.ts';
import { referenceLines } from './reference-lines.ts';
import { RuleFields } from './rule-fields.tsx';
import { type Backtest, useBacktest } from './use-backtest.ts';
import { useSaveRule } from './use-save-rule.ts';
import { words } from './words.ts';

interface EditorProps {
  connection: Connection;
  /** The rule as it was read; null for a new one. */
  stored: Rule | null;
  first: EditedRule;
  chart: Chart;
  series: RuleSeries;
  rangeMs: number;
}

/** The rule as a sentence, and beside it the chart and when the rule would have fired. */
export function Editor({ connection, stored, first, chart, series, rangeMs }: EditorProps) {
  const t = useText(words);
  const navigate = useNavigate();
  const [draft, setDraft] = useState(first);
  const change = (part: Partial<EditedRule>) => setDraft((before) => ({ ...before, ...part }));
  const read = useMemo(() => readDraft(draft), [draft]);
  const connectionId = connection.id;
  const leave = (code?: string) => void navigate(places.rules({ connection: connectionId, rule: code }));
  const saving = useSaveRule({ connectionId, stored, read, onSaved: leave });
  // Dragging moves the line at once; the backtest follows when there is time.
  const tried = useDeferredValue(read.rule);
  const backtest = useBacktest({ connectionId, selector: series.selector, rule: tried, unit: chart.unit, rangeMs });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.save();
  };
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(22rem,2fr)_3fr] max-lg:grid-cols-1 max-lg:overflow-y-auto">
      <form noValidate onSubmit={submit} className="flex min-h-0 flex-col border-e max-lg:min-h-fit max-lg:border-e-0">
        <ScrollArea className="flex-1 px-4 max-lg:flex-none">
          <div className="flex flex-col gap-4 py-4">
            <h2 className="font-semibold text-lg">{t(stored === null ? 'newRule' : 'editRule')}</h2>
            <RuleFields
              draft={draft}
              change={change}
              problems={saving.problems}
              unit={chart.unit}
              series={series.labels}
              isStored={stored !== null}
            />
          </div>
        </ScrollArea>
        <Footer connection={connection} saving={saving} isStored={stored !== null} onCancel={() => leave(stored?.code)} />
      </form>
      <Preview chart={chart} series={series} draft={draft} change={change} backtest={backtest} rangeMs={rangeMs} />
    </div>
  );
}

interface FooterProps {
  connection: Connection;
  saving: ReturnType<typeof useSaveRule>;
  isStored: boolean;
  onCancel: () => void;
}

function Footer({ connection, saving, isStored, onCancel }: FooterProps) {
  const t = useText(words);
  const denied = usePermission(connection, 'OPERATOR', true);
  const count = saving.problems?.size ?? 0;
  const reason = denied ?? (saving.isPending ? t('saving') : undefined);
  return (
    <footer className="flex flex-col gap-2 border-t px-4 py-3">
      {saving.error !== null && <ErrorState title={t('saveFailed')} error={saving.error} className="p-0" />}
      <div className="flex items-center justify-end gap-2">
        {count > 0 && (
          <p role="alert" className="me-auto text-danger text-sm">
            {t('mend', { count })}
          </p>
        )}
        <Button onClick={onCancel}>{t('cancel')}</Button>
        <Button variant="primary" type="submit" disabledReason={reason}>
          {t(isStored ? 'save' : 'create')}
        </Button>
      </div>
    </footer>
  );
}

interface PreviewProps extends Pick<EditorProps, 'chart' | 'series' | 'rangeMs'> {
  draft: EditedRule;
  change: (part: Partial<EditedRule>) => void;
  backtest: Backtest;
}

/** The chart with its threshold, shaded where the rule would have fired, and the list of those firings. */
function Preview({ chart, series, draft, change, backtest, rangeMs }: PreviewProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const drawn = drawnThreshold(draft);
  const firing = useMemo<FiringInterval[]>(
    () => backtest.firings.map(({ from, to, severity }) => ({ from, to, severity })),
    [backtest.firings],
  );
  const only = Object.keys(draft.matchLabels).length === 0 ? null : labelsKey(draft.matchLabels);
  const lines = useMemo(() => (only === null ? series.lines : series.lines.filter(({ id }) => id === `0 ${only}`)), [series.lines, only]);
  const references = useReferences(draft, backtest, lines);
  const setThreshold = (threshold: number) => {
    if (drawn === null) return;
    change({ conditions: draft.conditions.map((one, i) => (i === drawn.index ? { ...one, threshold } : one)) as EditedRule['conditions'] });
  };
  return (
    <div className="flex min-h-0 min-w-0 flex-col gap-3 p-4 max-lg:min-h-[40rem]">
      <p className="flex items-baseline gap-3">
        <bdi className="truncate font-medium">{chart.title}</bdi>
        <span className="text-muted text-sm">{t('backtest', { range: formatDuration(rangeMs, language) })}</span>
      </p>
      <DamageNote damaged={series.damaged} isCrossed />
      <div className="min-h-56 flex-1">
        <ThresholdChart
          drawing={series.drawing}
          lines={references}
          interval={series.interval}
          bucketMs={series.bucketMs}
          damaged={series.damaged}
          threshold={drawn?.threshold ?? Number.NaN}
          severity={draft.severity}
          firing={firing}
          onThreshold={setThreshold}
        />
      </div>
      <ScrollArea className="max-h-[45%]">
        <BacktestPanel backtest={backtest} rule={draft} />
      </ScrollArea>
    </div>
  );
}

/** Returns the lines of the chart, and beneath them what the conditions compare with. */
function useReferences(draft: EditedRule, { histories }: Backtest, lines: RuleSeries['lines']): RuleSeries['lines'] {
  const t = useText(words);
  const { conditions } = draft;
  return useMemo(() => {
    const names = { usual: t('usual'), low: t('rangeLow'), high: t('rangeHigh') };
    return [...lines, ...referenceLines({ conditions }, histories, lines, names)];
  }, [conditions, histories, lines, t]);
}
