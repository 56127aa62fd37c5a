import type { RefObject } from 'react';
import { words as readyWords } from '#renderer/domain/ready-rules/words.ts';
import { neighbour } from '#renderer/ui/held-rows.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import type { RuleRow } from './rule-list.ts';
import type { RuleTicks } from './use-ticks.ts';
import { words } from './words.ts';

interface RuleKeysOptions {
  rows: readonly RuleRow[];
  code: string | undefined;
  select: (code: string | undefined) => void;
  ticks: RuleTicks;
  /** Begins a new rule. */
  create: () => void;
  search: RefObject<HTMLInputElement | null>;
  /** Pauses or resumes the ticked rules or, if none is ticked, the open one. */
  pause: () => void;
  resume: () => void;
  onImport: () => void;
  denied: string | undefined;
}

/** Binds keys to the actions of the list of rules. */
export function useRuleKeys({ rows, code, select, ticks, search, create, pause, resume, onImport, denied }: RuleKeysOptions): void {
  const t = useText(words);
  const n = useText(readyWords);
  const step = (by: number) => {
    const next = neighbour(
      rows.map(({ rule }) => rule.code),
      code ?? null,
      by,
    );
    if (next !== undefined) select(next);
  };
  useKeys('screen', [
    { keys: 'j', title: t('next'), run: () => step(1) },
    { keys: 'k', title: t('previous'), run: () => step(-1) },
    { keys: 'ArrowDown', title: t('next'), run: () => step(1), hidden: true },
    { keys: 'ArrowUp', title: t('previous'), run: () => step(-1), hidden: true },
    { keys: 'Enter', title: t('openDetail'), run: () => code ?? step(0) },
    { keys: 'x', title: t('toggle'), run: () => code !== undefined && ticks.toggle(code) },
    { keys: 'n', title: n('newRule'), run: create, disabledReason: denied },
    { keys: 'p', title: t('pause'), run: pause, disabledReason: denied },
    { keys: 'u', title: t('resume'), run: resume, disabledReason: denied },
    { keys: 'i', title: t('import'), run: onImport, disabledReason: denied },
    { keys: '/', title: t('focusSearch'), run: () => search.current?.focus() },
    { keys: 'f', title: t('focusSearch'), run: () => search.current?.focus(), hidden: true },
    { keys: 'Escape', title: t('escape'), run: () => (ticks.ticked.length > 0 ? ticks.clear() : select(undefined)) },
  ]);
}
