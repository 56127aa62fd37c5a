import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Rule } from '#common/contract/rules.ts';
import { queryKeys, useConsole } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { describeError } from '#renderer/ui/states.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import { draftOf, type ReadDraft, type RuleEdit, ruleFrom } from './rule-draft.ts';
import { words } from './words.ts';

/** Holds the fields of a rule as typed. `save` returns false if some are invalid, and lists them in `wrong`. */
export function useRuleEdit(rule: Rule, connectionId: string, onSaved: () => void) {
  const t = useText(words);
  const { alerts } = useConsole();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<RuleEdit>(() => draftOf(rule));
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<unknown>(null);
  const [saving, setSaving] = useState(false);
  const change = (part: Partial<RuleEdit>) => setDraft((before) => ({ ...before, ...part }));
  const send = async (changed: Extract<ReadDraft, { ok: true }>['rule']) => {
    setSaving(true);
    try {
      await alerts.updateRule({ connectionId, rule: changed });
      toast({ message: t('ruleSaved'), lastsMs: 3_000 });
      onSaved();
    } catch (error) {
      // The other person's version has to be on screen before it can be overwritten.
      if (describeError(error).code === 'version_conflict') toast({ message: t('ruleConflict'), tone: 'problem', lastsMs: 15_000 });
      else setFailure(error);
    } finally {
      setSaving(false);
      await queries.invalidateQueries({ queryKey: queryKeys.rules(connectionId) });
    }
  };
  const save = (): boolean => {
    const read = ruleFrom(rule, draft);
    setWrong(read.ok ? [] : read.wrong);
    if (read.ok && !saving) void send(read.rule);
    return read.ok;
  };
  return { draft, change, wrong, failure, save };
}
