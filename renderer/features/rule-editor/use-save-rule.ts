import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Rule, RuleInput } from '#common/contract/rules.ts';
import { queryKeys, useConsole } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast } from '#renderer/ui/toast.tsx';
import type { CheckedRule } from './draft.ts';
import { words } from './words.ts';

interface SaveOptions {
  connectionId: string;
  /** The rule as it was read; null for a new one. */
  stored: Rule | null;
  read: CheckedRule;
  onSaved: (code: string) => void;
}

/** Creates or replaces the rule. What is wrong with a draft is shown from the first attempt on. */
export function useSaveRule({ connectionId, stored, read, onSaved }: SaveOptions) {
  const t = useText(words);
  const { alerts } = useConsole();
  const queries = useQueryClient();
  const [tried, setTried] = useState(false);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (rule: RuleInput) =>
      stored === null
        ? alerts.createRule({ connectionId, rule })
        : alerts.updateRule({ connectionId, rule: { ...rule, version: stored.version } }),
    onSuccess: ({ code }) => {
      void queries.invalidateQueries({ queryKey: queryKeys.rules(connectionId) });
      toast({ message: t('saved') });
      onSaved(code);
    },
  });
  const save = () => {
    setTried(true);
    if (read.rule !== null && !isPending) mutate(read.rule);
  };
  return { save, isPending, error, problems: tried ? read.problems : null };
}
