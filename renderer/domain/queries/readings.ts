import { useMemo, useSyncExternalStore } from 'react';
import { problemError } from '#common/words/problems.ts';

/** A question about series that is being answered. */
export interface RunningRead {
  id: string;
  connectionId: string;
  /** When it was asked, ms. */
  since: number;
  points: number;
  /** Share of the lacking time that is here, 0 to 1; null until the core has told. */
  done: number | null;
  /** Ends it: the question then fails, saying so. */
  cancel: () => void;
}

let readings: readonly RunningRead[] = [];
const listeners = new Set<() => void>();
let last = 0;

function publish(next: readonly RunningRead[]): void {
  readings = next;
  for (const listener of listeners) listener();
}

/** Begins a reading. Give `id` to the core and `signal` to the call, and `end` it whatever comes of it. */
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

/** What is being read for a connection now. */
export function useReadings(connectionId: string | undefined): readonly RunningRead[] {
  const all = useSyncExternalStore(subscribe, () => readings);
  return useMemo(() => all.filter((one) => one.connectionId === connectionId), [all, connectionId]);
}
