import { createContext, type ReactNode, useContext, useState } from 'react';
import type { Interval } from '#common/time/intervals.ts';

type Listener<T> = (value: T | null, who: symbol) => void;

/** A value that one chart sets and the others follow. */
class Shared<T> {
  readonly #listeners = new Set<Listener<T>>();

  set(value: T | null, who: symbol): void {
    for (const listener of this.#listeners) listener(value, who);
  }

  /** Returns a function that stops listening. */
  listen(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/**
 * The state that the charts of one screen share during a gesture: the time under the pointer, and the visible interval. Charts notify each other
 * directly, without React, so that thirty of them follow within a frame.
 */
export class Group {
  readonly cursor = new Shared<number>();
  readonly view = new Shared<Interval>();
}

const Context = createContext<Group | null>(null);

/** Makes the charts inside share one crosshair, zoom and pan. */
export function ChartGroup({ children }: { children: ReactNode }) {
  const [group] = useState(() => new Group());
  return <Context value={group}>{children}</Context>;
}

export const useChartGroup = (): Group | null => useContext(Context);
