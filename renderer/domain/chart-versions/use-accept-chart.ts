import { useQueryClient } from '@tanstack/react-query';
import { type Rule, ruleInput } from '#common/contract/rules.ts';
import { queryKeys, useConsole } from '#renderer/domain/queries/index.ts';
import { describeError } from '#renderer/ui/describe-error.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { words } from './words.ts';

/** Moves rules to a newer version of their chart, says what was done and offers to undo it. Failures are shown, never thrown. */
export function useAcceptChart(connectionId: string) {
  const t = useText(words);
  const { alerts } = useConsole();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: queryKeys.rules(connectionId) });
  const pin = (rule: Rule, chartVersion: number) =>
    alerts.updateRule({ connectionId, rule: { ...ruleInput.strip().parse(rule), chartVersion, version: rule.version } });
  const undo = async (moved: readonly { before: Rule; after: Rule }[]) => {
    try {
      for (const { before, after } of moved)
        await alerts.rollbackRule({ connectionId, code: before.code, to: before.version, version: after.version });
    } catch (error) {
      toastError(t('undoFailed'), error);
    } finally {
      await refresh();
    }
  };
  const accept = async (rule: Rule, chartVersion: number) => {
    try {
      const after = await pin(rule, chartVersion);
      toast({
        message: t('accepted', { version: chartVersion }),
        action: { label: t('undo'), run: () => void undo([{ before: rule, after }]) },
      });
    } catch (error) {
      toastError(t('acceptFailed'), error);
    } finally {
      await refresh();
    }
  };
  /** Moves several rules, one after the other, after their charts were saved. @param versionOf the new version of each rule's chart */
  const move = async (rules: readonly Rule[], versionOf: (rule: Rule) => number) => {
    const moved: { before: Rule; after: Rule }[] = [];
    const failed: { rule: Rule; error: unknown }[] = [];
    for (const rule of rules) {
      try {
        moved.push({ before: rule, after: await pin(rule, versionOf(rule)) });
      } catch (error) {
        failed.push({ rule, error });
      }
    }
    const action = { label: t('undo'), run: () => void undo(moved) };
    if (moved.length > 0) toast({ message: t('movedRules', { count: moved.length }), action });
    const [first] = failed;
    if (first !== undefined) {
      const { rule, error } = first;
      toast({ tone: 'problem', message: t('notMoved', { count: failed.length, name: rule.name, reason: describeError(error).message }) });
    }
    await refresh();
  };
  return { accept, move };
}
