import type { Chart, ChartDrawing } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import { useRuleSeries } from '#renderer/charts/index.ts';
import type { ViewRange } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { ErrorState, Loading } from '#renderer/ui/states.tsx';
import { RuleFields } from './rule-fields.tsx';
import { RulePreview } from './rule-preview.tsx';
import { useCreateRule } from './use-create-rule.ts';
import { useRuleChart } from './use-rule-chart.ts';
import { useRuleDraft } from './use-rule-draft.ts';
import { ruleWords } from './words.ts';

interface RuleSheetProps {
  connection: Connection;
  drawing: ChartDrawing;
  /** The library's chart, if the picture is exactly that one. */
  chart: Chart | undefined;
  /** Names of the lines shown; undefined shows all. */
  only: readonly string[] | undefined;
  range: ViewRange;
  values: VariableValues;
  onClose: () => void;
}

/** Creates a rule for the picture on screen: the sentence, the chart with its threshold, and where it would have fired. */
export function RuleSheet({ connection, drawing: shown, chart: library, only, range, values, onClose }: RuleSheetProps) {
  const t = useText(ruleWords);
  const connectionId = connection.id;
  const series = useRuleSeries(connectionId, shown, values, range);
  const chart = useRuleChart(connectionId, shown.title, Object.keys(values).length === 0 ? library : undefined);
  const { draft, change, read, condition } = useRuleDraft({ connectionId, series, only, chartCode: chart.code });
  const create = useCreateRule({ connectionId, drawing: series.drawing, chart, read, onCreated: onClose });
  const { answer } = series;
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title')}
      className="w-[min(76rem,100vw)]"
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" onClick={create.submit} disabledReason={create.isPending ? t('creating') : undefined}>
            {t('create')}
          </Button>
        </>
      }
    >
      {answer.error && !answer.data && <ErrorState title={t('unread')} error={answer.error} retry={() => void answer.refetch()} />}
      {!draft && !answer.error && <Loading />}
      {draft && (
        <div className="grid min-h-full grid-cols-[minmax(20rem,2fr)_3fr] gap-6 pt-2 max-lg:grid-cols-1">
          <RuleFields series={series} draft={draft} change={change} chart={chart} create={create} />
          <RulePreview
            connectionId={connectionId}
            series={series}
            draft={draft}
            condition={condition}
            onThreshold={(value) => change({ threshold: String(value) })}
          />
        </div>
      )}
    </Sheet>
  );
}
