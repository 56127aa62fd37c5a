import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { holdRows, isSameRows, type QueriedRows } from './held-rows.ts';
import { type AlertsAddress, listOf, type Me } from './views.ts';

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
  return { held, release, handlers };
}

export interface HeldAlertList {
  rows: FeedAlert[];
  /** Alerts that belong here and appear once the list is released. */
  waiting: FeedAlert[];
  /** Returns true if a row still belongs to the view. One that doesn't keeps its place until the list is released. */
  belongs: (alert: FeedAlert) => boolean;
  showWaiting: () => void;
  pointer: { onPointerMove: () => void; onPointerLeave: () => void };
}

/** Returns the rows on screen, which never move while the person is working on them. */
export function useList(alerts: readonly FeedAlert[] | undefined, address: AlertsAddress, me: Me, isWorking: boolean): HeldAlertList {
  const [previous, setPrevious] = useState<QueriedRows | null>(null);
  const pointer = usePointerHold();
  const wanted = useMemo(() => listOf(alerts ?? [], address, me), [alerts, address, me]);
  const byKey = useMemo(() => new Map((alerts ?? []).map((one) => [alertKey(one), one])), [alerts]);
  const question = useMemo(() => JSON.stringify(address), [address]);
  const isHeld = isWorking || pointer.held;
  const shown = useMemo(
    () => holdRows(previous, question, wanted.map(alertKey), isHeld, (key) => byKey.has(key)),
    [previous, question, wanted, isHeld, byKey],
  );
  const known = alerts !== undefined;
  useEffect(() => {
    if (known) setPrevious((before) => (isSameRows(before, shown) ? before : { question: shown.question, keys: shown.keys }));
  }, [known, shown]);

  // A new array would make the table build all its rows again, so the same one is kept while nothing changed.
  const rows = useMemo(() => shown.keys.flatMap((key) => byKey.get(key) ?? []), [shown.keys, byKey]);
  const waiting = useMemo(() => shown.waiting.flatMap((key) => byKey.get(key) ?? []), [shown.waiting, byKey]);
  const belonging = useMemo(() => new Set(wanted.map(alertKey)), [wanted]);
  const belongs = useCallback((alert: FeedAlert) => belonging.has(alertKey(alert)), [belonging]);
  return {
    rows,
    waiting,
    belongs,
    showWaiting: () => setPrevious(null),
    pointer: pointer.handlers,
  };
}
