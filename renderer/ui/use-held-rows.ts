import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { holdRows, isSameRows, type QueriedRows } from './held-rows.ts';

/** The pointer holds the list for this long after it last moved, ms. */
const pointerHoldMs = 10_000;

/** Returns true while the pointer is moving in the list, and for a while after. */
function usePointerHold() {
  const [held, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const release = useCallback(() => {
    clearTimeout(timer.current);
    setHeld(false);
  }, []);
  const onPointerMove = useCallback(() => {
    clearTimeout(timer.current);
    setHeld(true);
    timer.current = setTimeout(() => setHeld(false), pointerHoldMs);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  const handlers = useMemo(() => ({ onPointerMove, onPointerLeave: release }), [onPointerMove, release]);
  return { held, handlers };
}

interface HeldRowsOptions<T> {
  /** Everything that exists; undefined until it is loaded. */
  items: readonly T[] | undefined;
  /** What belongs in the list now, in order. */
  wanted: readonly T[];
  /** Must be the same function in every render. */
  keyOf: (item: T) => string;
  /** The query that `wanted` answers; if it changes, the list is no longer held. */
  question: string;
  /** True while the person works on rows of the list. */
  isWorking: boolean;
}

export interface HeldRows<T> {
  rows: T[];
  /** Items that belong here and appear once the list is released. */
  waiting: T[];
  /** Returns true if a row still belongs to the view. One that doesn't keeps its place until the list is released. */
  belongs: (item: T) => boolean;
  showWaiting: () => void;
  pointer: { onPointerMove: () => void; onPointerLeave: () => void };
}

const nothing: readonly never[] = [];

/** Returns the rows on screen, which never move while the person is working on them. */
export function useHeldRows<T>({ items, wanted, keyOf, question, isWorking }: HeldRowsOptions<T>): HeldRows<T> {
  const [previous, setPrevious] = useState<QueriedRows | null>(null);
  const pointer = usePointerHold();
  const byKey = useMemo(() => new Map((items ?? nothing).map((one) => [keyOf(one), one])), [items, keyOf]);
  const isHeld = isWorking || pointer.held;
  const shown = useMemo(
    () => holdRows(previous, question, wanted.map(keyOf), isHeld, (key) => byKey.has(key)),
    [previous, question, wanted, keyOf, isHeld, byKey],
  );
  const known = items !== undefined;
  useEffect(() => {
    if (known) setPrevious((before) => (isSameRows(before, shown) ? before : { question: shown.question, keys: shown.keys }));
  }, [known, shown]);

  // A new array would make the table build all its rows again, so the same one is kept while nothing changed.
  const rows = useMemo(() => shown.keys.flatMap((key) => byKey.get(key) ?? []), [shown.keys, byKey]);
  const waiting = useMemo(() => shown.waiting.flatMap((key) => byKey.get(key) ?? []), [shown.waiting, byKey]);
  const belonging = useMemo(() => new Set(wanted.map(keyOf)), [wanted, keyOf]);
  const belongs = useCallback((item: T) => belonging.has(keyOf(item)), [belonging, keyOf]);
  return { rows, waiting, belongs, showWaiting: () => setPrevious(null), pointer: pointer.handlers };
}
