import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Chart, ChartDrawing } from '#common/contract/charts.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import { queryKeys, useConsole } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { words } from './words.ts';

/** A chart for which a rule is made. */
export interface ChartForRule {
  drawing: ChartDrawing;
  /** Its code in the library, or the one it gets there. */
  code: string;
  /** Saves it. Null if the library has it. */
  save: (() => Promise<Chart>) | null;
}

interface AddRuleOptions {
  connectionId: string;
  chart: ChartForRule;
  onAdded: (code: string) => void;
  onUndone: (code: string) => void;
}

/** Creates a rule, after saving its chart if the library doesn't have it, and offers to undo both. */
export function useAddRule({ connectionId, chart, onAdded, onUndone }: AddRuleOptions) {
  const t = useText(words);
  const { alerts, charts } = useConsole();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: queryKeys.rules(connectionId) });
  const undo = async ({ code, name }: RuleInput) => {
    try {
      await alerts.removeRule({ connectionId, code });
      if (chart.save !== null) await charts.remove({ connectionId, code: chart.code });
      onUndone(code);
      toast({ message: t('undone', { name }), lastsMs: 3_000 });
    } catch (error) {
      toastError(t('undoFailed'), error);
    } finally {
      await refresh();
    }
  };
  return useMutation({
    mutationFn: async (rule: RuleInput) => {
      await chart.save?.();
      await alerts.createRule({ connectionId, rule });
      return rule;
    },
    onSuccess: async (rule) => {
      await refresh();
      toast({
        message: t('added', { name: rule.name }),
        detail: t('started'),
        action: { label: t('undo'), run: () => void undo(rule) },
      });
      onAdded(rule.code);
    },
    onError: (error) => toastError(t('notAdded'), error),
  });
}
