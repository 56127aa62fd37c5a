import { useQueryClient } from '@tanstack/react-query';
import type { ConsoleClient } from '#common/contract/console/index.ts';
import { type Rule, ruleInput } from '#common/contract/rules.ts';
import { queryKeys, useConsole } from '#renderer/domain/queries/index.ts';
import { describeError } from '#renderer/ui/describe-error.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { replaceToast, toast, toastError } from '#renderer/ui/toast.tsx';
import { codeOfCopy } from './rule-list.ts';
import { words } from './words.ts';

type RulesRead = Awaited<ReturnType<ConsoleClient['alerts']['rules']>>;

/** Problems that every further change would meet too. */
const hopeless: readonly string[] = ['unavailable', 'rate_limited', 'forbidden'];

/** Pauses, resumes, duplicates and deletes rules, and says what was done. Failures are shown, never thrown. */
export function useRuleActions(connectionId: string, onOpen: (code: string) => void) {
  const t = useText(words);
  const { alerts: service } = useConsole();
  const queries = useQueryClient();
  const queryKey = queryKeys.rules(connectionId);
  const setStatus = useSetStatus(connectionId);
  const refresh = () => queries.invalidateQueries({ queryKey });
  const duplicate = async (rule: Rule) => {
    const all = queries.getQueryData<RulesRead>(queryKey)?.rules ?? [];
    const code = codeOfCopy(rule.code, new Set(all.map((one) => one.code)));
    const name = t('copyName', { name: rule.name }).slice(0, 120);
    try {
      await service.createRule({ connectionId, rule: { ...ruleInput.strip().parse(rule), code, name, enabled: false } });
      await refresh();
      toast({ message: t('duplicated', { name }), detail: t('duplicatedPaused'), lastsMs: 6_000 });
      onOpen(code);
    } catch (error) {
      toastError(t('actFailed'), error);
    }
  };
  const restore = async ({ code, version }: Rule) => {
    try {
      // A deletion is a version of its own.
      await service.rollbackRule({ connectionId, code, to: version, version: version + 1 });
    } catch (error) {
      toastError(t('undoFailed'), error);
    } finally {
      await refresh();
    }
  };
  const remove = async (rule: Rule) => {
    try {
      await service.removeRule({ connectionId, code: rule.code });
      toast({ message: t('deleted', { name: rule.name }), action: { label: t('undo'), run: () => void restore(rule) } });
    } catch (error) {
      toastError(t('actFailed'), error);
    } finally {
      await refresh();
    }
  };
  return { setStatus, duplicate, remove };
}
export type RuleActions = ReturnType<typeof useRuleActions>;

type RuleStatus = 'ACTIVE' | 'PAUSED';
const verbOf = { ACTIVE: 'resumed', PAUSED: 'paused' } as const;

/**
 * Returns a function that pauses or resumes rules, one after the other. One toast shows the progress, then what was done and which rules
 * couldn't be changed, and offers to undo it.
 */
function useSetStatus(connectionId: string) {
  const t = useText(words);
  const { alerts: service } = useConsole();
  const queries = useQueryClient();
  const queryKey = queryKeys.rules(connectionId);
  const keep = (changed: Rule) => {
    queries.setQueryData<RulesRead>(queryKey, (before) =>
      before ? { ...before, rules: before.rules.map((one) => (one.code === changed.code ? changed : one)) } : before,
    );
  };
  const setStatus = async (rules: readonly Rule[], status: RuleStatus): Promise<void> => {
    const all = rules.length;
    const progressId = all > 1 ? toast({ message: t('underWay', { done: 0, all }), progress: 0 }) : null;
    const done: Rule[] = [];
    const failed: { rule: Rule; error: unknown }[] = [];
    for (const rule of rules) {
      try {
        keep(await service.setRuleStatus({ connectionId, code: rule.code, status }));
        done.push(rule);
      } catch (error) {
        failed.push({ rule, error });
        if (hopeless.includes(describeError(error).code ?? '')) break;
      }
      const passed = done.length + failed.length;
      if (progressId !== null) replaceToast(progressId, { message: t('underWay', { done: passed, all }), progress: passed / all });
    }
    const [first] = failed;
    const opposite = status === 'PAUSED' ? 'ACTIVE' : 'PAUSED';
    const input: Parameters<typeof toast>[0] = {
      message: done.length === 0 ? t('actFailed') : t(verbOf[status], { count: done.length, name: done[0]?.name ?? '' }),
      ...(first === undefined ? {} : { tone: 'problem', detail: failureText(first, all - done.length) }),
      ...(done.length === 0 ? {} : { action: { label: t('undo'), run: () => void setStatus(done, opposite) } }),
    };
    if (progressId === null) toast(input);
    else replaceToast(progressId, input);
    await queries.invalidateQueries({ queryKey });
  };
  const failureText = ({ rule, error }: { rule: Rule; error: unknown }, count: number): string =>
    t('notChanged', { count, name: rule.name, reason: describeError(error).message });
  return setStatus;
}
