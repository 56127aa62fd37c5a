import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import { places } from '#renderer/domain/places.ts';
import { queryKeys, useConsole } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { describeError } from '#renderer/ui/states.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import type { ReadRule, RuleField } from './draft.ts';
import type { RuleChart } from './use-rule-chart.ts';
import { ruleWords } from './words.ts';

interface CreateRuleOptions {
  connectionId: string;
  drawing: ChartDrawing;
  chart: RuleChart;
  /** Null if there is nothing to create. */
  read: ReadRule | null;
  onCreated: () => void;
}

/** Creates the rule, after saving its chart if the library doesn't have it; reports the fields that are invalid. */
export function useCreateRule({ connectionId, drawing, chart, read, onCreated }: CreateRuleOptions) {
  const t = useText(ruleWords);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { charts, alerts } = useConsole();
  const [tried, setTried] = useState(false);
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      if (!read?.ok) return;
      if (chart.isNew) chart.setSaved(await charts.create({ connectionId, chart: { ...drawing, code: chart.newCode } }));
      await alerts.createRule({ connectionId, rule: read.rule });
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: queryKeys.rules(connectionId) });
      const go = () => void navigate(places.alerts({ connection: connectionId }));
      toast({ message: t('created'), action: { label: t('openAlerts'), run: go } });
      onCreated();
    },
  });
  const codeTaken = error !== null && describeError(error).code === 'conflict' && !chart.isNew;
  const wrong: RuleField[] = [...(tried && read && !read.ok ? read.wrong : []), ...(codeTaken ? (['code'] as const) : [])];
  const submit = () => {
    setTried(true);
    if (read?.ok && !chart.codeWrong) mutate();
  };
  const wordOf = (field: RuleField) =>
    !wrong.includes(field) ? undefined : t(field === 'code' && codeTaken ? 'codeTaken' : `wrong_${field}`);
  return { submit, isPending, failure: codeTaken ? null : error, hasFailed: error !== null, tried, wrong, wordOf };
}
export type CreateRule = ReturnType<typeof useCreateRule>;
