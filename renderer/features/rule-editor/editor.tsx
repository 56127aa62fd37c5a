import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useDeferredValue, useMemo } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Rule } from '#common/contract/rules.ts';
import type { RuleSeries } from '#renderer/charts/index.ts';
import { type Backtest, useBacktest } from '#renderer/domain/backtest/use-backtest.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { ScrollArea } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '#renderer/ui/tabs.tsx';
import { type DraftProblems, type EditedRule, readDraft } from './draft.ts';
import { Preview } from './preview.tsx';
import { RuleFields } from './rule-fields.tsx';
import { TextFields } from './texts/text-fields.tsx';
import { type RuleView, ruleViews, useRuleDraft } from './use-rule-draft.ts';
import { useSaveRule } from './use-save-rule.ts';
import { useWindowWarnings } from './use-window-warnings.ts';
import { words } from './words.ts';
import { YamlView } from './yaml/yaml-view.tsx';

interface EditorProps {
  connection: Connection;
  /** The rule as it was read; null for a new one. */
  stored: Rule | null;
  first: EditedRule;
  chart: Chart;
  series: RuleSeries;
  rangeMs: number;
}

/** The rule as a sentence or as YAML, and beside it the chart and when the rule would have fired. */
export function Editor({ connection, stored, first, chart, series, rangeMs }: EditorProps) {
  const navigate = useNavigate();
  const editing = useRuleDraft(first, { code: stored?.code ?? null, chartCode: chart.code });
  const { draft, change, isWrong } = editing;
  const { language } = usePreferences();
  const read = useMemo(() => readDraft(draft, language), [draft, language]);
  const connectionId = connection.id;
  const leave = (code?: string) => void navigate(places.rules({ connection: connectionId, rule: code }));
  const saving = useSaveRule({ connectionId, stored, read, onSaved: leave });
  // Dragging moves the line at once; the backtest follows when there is time.
  const tried = useDeferredValue(isWrong ? null : read.rule);
  const backtest = useBacktest({ connectionId, selector: series.selector, rule: tried, unit: chart.unit, rangeMs });
  const warnings = useWindowWarnings(connectionId, series.selector, draft, backtest.histories);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.save();
  };
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(22rem,2fr)_3fr] max-lg:flex max-lg:flex-col max-lg:overflow-y-auto">
      <form
        noValidate
        onSubmit={submit}
        className="flex min-h-0 min-w-0 flex-col border-e max-lg:flex-none max-lg:border-e-0 max-lg:border-b"
      >
        <RuleTabs {...{ editing, stored, chart, series, warnings, backtest }} problems={saving.problems} />
        <Footer
          connection={connection}
          saving={saving}
          isStored={stored !== null}
          isTextWrong={isWrong}
          onCancel={() => leave(stored?.code)}
        />
      </form>
      <Preview
        connectionId={connectionId}
        storedCode={stored?.code ?? null}
        chart={chart}
        series={series}
        draft={draft}
        change={isWrong ? null : change}
        backtest={backtest}
        rangeMs={rangeMs}
      />
    </div>
  );
}

interface RuleTabsProps extends Pick<EditorProps, 'stored' | 'chart' | 'series'> {
  editing: ReturnType<typeof useRuleDraft>;
  problems: DraftProblems | null;
  /** What is doubtful about a condition, by its index. */
  warnings: Readonly<Record<number, string>>;
  backtest: Backtest;
}

/** The rule in one of its two views. */
function RuleTabs({ editing, stored, chart, series, problems, warnings, backtest }: RuleTabsProps) {
  const t = useText(words);
  const { draft, change, view, choose, yaml } = editing;
  return (
    <Tabs value={view} onValueChange={(next) => choose(next as RuleView)} className="contents">
      <header className="flex flex-wrap items-end gap-x-4 border-b px-4 pt-3">
        <h2 className="pb-2 font-semibold text-lg">{t(stored === null ? 'newRule' : 'editRule')}</h2>
        <TabsList className="ms-auto border-b-0" aria-label={t('views')}>
          {ruleViews.map((one) => (
            <TabsTrigger key={one} value={one}>
              {t(`view_${one}`)}
            </TabsTrigger>
          ))}
        </TabsList>
      </header>
      <ScrollArea className="flex-1 px-4 py-4 max-lg:flex-none">
        <TabsContent value="sentence" className="flex flex-col gap-4">
          <RuleFields {...{ draft, change, problems, warnings, chart }} series={series.labels} isStored={stored !== null} />
          <TextFields {...{ draft, change, problems, chart }} firings={backtest.firings} histories={backtest.histories} />
        </TabsContent>
        <TabsContent value="yaml">
          <YamlView yaml={yaml} warnings={warnings} />
        </TabsContent>
      </ScrollArea>
    </Tabs>
  );
}

interface FooterProps {
  connection: Connection;
  saving: ReturnType<typeof useSaveRule>;
  isStored: boolean;
  isTextWrong: boolean;
  onCancel: () => void;
}

function Footer({ connection, saving, isStored, isTextWrong, onCancel }: FooterProps) {
  const t = useText(words);
  const denied = usePermission(connection, 'OPERATOR', true);
  const count = saving.problems?.size ?? 0;
  const reason = denied ?? (isTextWrong ? t('textWrong') : saving.isPending ? t('saving') : undefined);
  return (
    <footer className="flex flex-col gap-2 border-t px-4 py-3 lg:[anchor-name:--bottom-bar]">
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
