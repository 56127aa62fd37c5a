import { useMemo, useRef, useState } from 'react';
import type { RuleRow } from './rule-list.ts';

const none: ReadonlySet<string> = new Set();

/** Holds which rules are ticked, by code. Shift extends the last tick to a range of `rows`. */
export function useTicks(rows: readonly RuleRow[]) {
  const [checked, setChecked] = useState(none);
  const last = useRef<string | null>(null);
  const ticked = useMemo(() => rows.filter(({ rule }) => checked.has(rule.code)), [rows, checked]);
  const toggle = (code: string, isRange = false) => {
    const codes = rows.map(({ rule }) => rule.code);
    const from = isRange && last.current !== null ? codes.indexOf(last.current) : -1;
    const at = codes.indexOf(code);
    const range = from === -1 || at === -1 ? [code] : codes.slice(Math.min(from, at), Math.max(from, at) + 1);
    const next = new Set(checked);
    for (const one of range)
      if (checked.has(code)) next.delete(one);
      else next.add(one);
    last.current = code;
    setChecked(next);
  };
  const isAll = rows.length > 0 && ticked.length === rows.length;
  return {
    ticked,
    checked,
    /** For the checkbox in the head of the table. */
    all: isAll ? true : ticked.length > 0 ? ('indeterminate' as const) : false,
    toggle,
    toggleAll: () => setChecked(isAll ? none : new Set(rows.map(({ rule }) => rule.code))),
    clear: () => setChecked(none),
  };
}
export type RuleTicks = ReturnType<typeof useTicks>;
