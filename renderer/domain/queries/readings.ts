import { useMemo, useSyncExternalStore } from 'react';
import { problemError } from '#common/words/problems.ts';

/** A running query of series. */
export interface RunningRead {
  id: string;
  connectionId: string;
  /** When it started, ms. */
  since: number;
  points: number;
  /** Share of the missing data that has arrived, 0 to 1; null until the core reports it. */
  done: number | null;
  /** Cancels the query, which then fails with a message that says so. */
  cancel: () => void;
}

let readings: readonly RunningRead[] = [];
const listeners = new Set<() => void>();
let last = 0;

function publish(next: readonly RunningRead[]): void {
  readings = next;
  for (const listener of listeners) listener();
}

/** Registers a read. Pass `id` to the core and `signal` to the call, and call `end` when it has finished or failed. */
export function beginReading(connectionId: string, outer: AbortSignal): { id: string; signal: AbortSignal; end: () => void } {
  last += 1;
  const id = `reading-${last}`;
  const own = new AbortController();
  const cancel = () => own.abort(problemError('reading_cancelled', {}));
  publish([...readings, { id, connectionId, since: Date.now(), points: 0, done: null, cancel }]);
  return { id, signal: AbortSignal.any([outer, own.signal]), end: () => publish(readings.filter((one) => one.id !== id)) };
}

/** Stores the reported progress of a read. */
export function readingProgressed({ progressId, points, done }: { progressId: string; points: number; done: number }): void {
  if (readings.some(({ id }) => id === progressId)) {
    publish(readings.map((one) => (one.id === progressId ? { ...one, points, done } : one)));
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Returns the running reads of a connection. */
export function useReadings(connectionId: string | undefined): readonly RunningRead[] {
  const all = useSyncExternalStore(subscribe, () => readings);
  return useMemo(() => all.filter((one) => one.connectionId === connectionId), [all, connectionId]);
}
