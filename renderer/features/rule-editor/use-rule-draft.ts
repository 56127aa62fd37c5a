import { useCallback, useEffect, useState } from 'react';
import { editNumbers } from '#common/rules/yaml/edit-numbers.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import type { ChangeDraft, EditedRule } from './draft.ts';
import { words } from './words.ts';
import { type Fixed, type ReadText, readText, type TextProblem, writeDraft } from './yaml/rule-text.ts';

export const ruleViews = ['sentence', 'yaml'] as const;
export type RuleView = (typeof ruleViews)[number];

/** The text of a draft as it was typed. */
interface TypedText {
  text: string;
  /** Nobody has typed since the text was written from the draft. */
  isUntouched: boolean;
  /** It changed after it was read. */
  isUnread: boolean;
  /** What it was read as; null while it is wrong or unread. */
  rule: EditedRule | null;
  problems: readonly TextProblem[];
}

/** The text is read once nobody has typed for this long, ms. */
const pauseMs = 300;
const noProblems: readonly TextProblem[] = [];

/** Writes a draft. Numbers that were changed since somebody typed are changed in that text, which keeps its comments and its form. */
function textOf(draft: EditedRule, typed: TypedText | null): string {
  const edited = typed === null || typed.rule === null ? null : editNumbers(typed.text, typed.rule, draft);
  return edited ?? writeDraft(draft);
}

function useDraft(first: EditedRule) {
  const [draft, setDraft] = useState(first);
  const change = useCallback<ChangeDraft>(
    (part) => setDraft((before) => ({ ...before, ...(typeof part === 'function' ? part(before) : part) })),
    [],
  );
  return { draft, setDraft, change };
}

/** Holds the draft, and in the YAML view its text. A text that can't be read stays as it is, and the draft stays as it was. */
export function useRuleDraft(first: EditedRule, fixed: Fixed) {
  const { draft, setDraft, change } = useDraft(first);
  const [view, setView] = useState<RuleView>('sentence');
  const [typed, setTyped] = useState<TypedText | null>(null);
  const [isRefused, setRefused] = useState(false);
  const read = useReader(fixed);
  /** Reads what was typed, and returns it. */
  const settle = (): TypedText | null => {
    if (!typed?.isUnread) return typed;
    const result = read(typed.text);
    const next = { ...typed, ...result, isUnread: false };
    setTyped(next);
    setRefused((before) => before && result.rule === null);
    if (result.rule !== null) setDraft(result.rule);
    return next;
  };
  useEffect(() => {
    if (!typed?.isUnread) return;
    const pause = setTimeout(settle, pauseMs);
    return () => clearTimeout(pause);
  });
  const openYaml = () => {
    const text = writeDraft(draft);
    const { problems } = read(text);
    setTyped(problems.length === 0 ? null : { text, problems, rule: null, isUntouched: true, isUnread: false });
    setView('yaml');
  };
  const choose = (next: RuleView) => {
    if (next === view) return;
    if (next === 'yaml') return openYaml();
    const last = settle();
    if (last !== null && last.problems.length > 0 && !last.isUntouched) return setRefused(true);
    setTyped(null);
    setView(next);
  };
  // A draft that was changed elsewhere, as on the chart, is written into what was typed.
  const isKept = typed !== null && (typed.isUnread || typed.problems.length > 0 || typed.rule === draft);
  const isWrong = isKept && typed.problems.length > 0;
  return {
    draft,
    change,
    view,
    choose,
    /** The text has mistakes, so the draft doesn't say what it says. */
    isWrong: isWrong && !typed.isUntouched,
    yaml: {
      text: view === 'sentence' ? '' : isKept ? typed.text : textOf(draft, typed),
      problems: isKept ? typed.problems : noProblems,
      isRefused: isRefused && isWrong,
      type: (text: string) =>
        setTyped((before) => ({ text, problems: before?.problems ?? [], rule: null, isUntouched: false, isUnread: true })),
      settle,
      /** Writes the last draft that could be read. */
      discard: () => {
        setTyped(null);
        setRefused(false);
      },
    },
  };
}

/** Returns a function that reads the text of the rule. */
function useReader(fixed: Fixed): (text: string) => ReadText {
  const t = useText(words);
  const { language } = usePreferences();
  const messages = {
    textEmpty: t('textEmpty'),
    oneRule: t('oneRule'),
    codeFixed: t('codeFixed'),
    chartFixed: t('chartFixed', { chart: fixed.chartCode }),
  };
  return (text) => readText(text, fixed, messages, language);
}
export type DraftText = ReturnType<typeof useRuleDraft>['yaml'];
