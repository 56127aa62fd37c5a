import { useQueryClient } from '@tanstack/react-query';
import type { ConsoleClient } from '#common/contract/console/index.ts';
import { maxStatusRules, type Rule, ruleInput } from '#common/contract/rules.ts';
import { queryKeys, useConsole } from '#renderer/domain/queries/index.ts';
import { describeError } from '#renderer/ui/describe-error.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { replaceToast, toast, toastError } from '#renderer/ui/toast.tsx';
import { codeOfCopy } from './rule-list.ts';
import { words } from './words.ts';

type RulesRead = Awaited<ReturnType<ConsoleClient['alerts']['rules']>>;

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

type Switched = 'ACTIVE' | 'PAUSED';
const verbOf = { ACTIVE: 'resumed', PAUSED: 'paused' } as const;
const opposites = { ACTIVE: 'PAUSED', PAUSED: 'ACTIVE' } as const;

/**
 * Returns a function that pauses or resumes rules. One toast shows the progress of many, then what was done and which rules couldn't be
 * changed, and offers to undo it.
 */
function useSetStatus(connectionId: string) {
  const t = useText(words);
  const queries = useQueryClient();
  const switchRules = useSwitchRules(connectionId);
  const setStatus = async (rules: readonly Rule[], status: Switched): Promise<void> => {
    const all = rules.length;
    const progressId = all > maxStatusRules ? toast({ message: t('underWay', { done: 0, all }), progress: 0 }) : null;
    const changed: Rule[] = [];
    let [reached, problem]: [number, string | null] = [0, null];
    const missing: Rule[] = [];
    try {
      for (; reached < all; reached = Math.min(all, reached + maxStatusRules)) {
        if (progressId !== null && reached > 0)
          replaceToast(progressId, { message: t('underWay', { done: reached, all }), progress: reached / all });
        const some = rules.slice(reached, reached + maxStatusRules);
        const codes = await switchRules(some, status);
        changed.push(...some.filter(({ code }) => codes.changed.includes(code)));
        missing.push(...some.filter(({ code }) => codes.missing.includes(code)));
      }
    } catch (error) {
      problem = describeError(error).message;
    }
    const failed = [...missing, ...rules.slice(reached)];
    const done = reached - missing.length;
    const name = (list: readonly Rule[]) => list[0]?.name ?? '';
    const input: Parameters<typeof toast>[0] = {
      message: done === 0 ? t('actFailed') : t(verbOf[status], { count: done, name: name(rules.filter((one) => !failed.includes(one))) }),
      ...(failed.length > 0 && {
        tone: 'problem',
        detail: t('notChanged', { count: failed.length, name: name(failed), reason: problem ?? t('wasDeleted') }),
      }),
      ...(changed.length > 0 && { action: { label: t('undo'), run: () => void setStatus(changed, opposites[status]) } }),
    };
    if (progressId === null) toast(input);
    else replaceToast(progressId, input);
    await queries.invalidateQueries({ queryKey: queryKeys.rules(connectionId) });
  };
  return setStatus;
}

/** Returns a function that switches rules in one request. A single rule comes back evaluated, and is shown at once. */
function useSwitchRules(connectionId: string) {
  const { alerts: service } = useConsole();
  const queries = useQueryClient();
  return async (rules: readonly Rule[], status: Switched): Promise<{ changed: string[]; missing: string[] }> => {
    const [first, ...others] = rules;
    if (first === undefined || others.length > 0)
      return service.setRuleStatuses({ connectionId, codes: rules.map(({ code }) => code), status });
    const changed = await service.setRuleStatus({ connectionId, code: first.code, status });
    queries.setQueryData<RulesRead>(queryKeys.rules(connectionId), (before) =>
      before ? { ...before, rules: before.rules.map((one) => (one.code === changed.code ? changed : one)) } : before,
    );
    return { changed: [changed.code], missing: [] };
  };
}
