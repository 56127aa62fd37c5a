import { createContext, type ReactNode, useContext, useState } from 'react';
import type { Stretch } from './range.ts';

type Listener<T> = (value: T | null, who: symbol) => void;

/** One value that one chart sets and the others follow. */
class Shared<T> {
  readonly #listeners = new Set<Listener<T>>();

  tell(value: T | null, who: symbol): void {
    for (const listener of this.#listeners) listener(value, who);
  }

  /** Returns the way to stop. */
  listen(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/**
 * What the charts of one screen have in common while a hand is on one of them: the time under the pointer, and the stretch a gesture is at.
 * Told directly from chart to chart, without a pass through React: thirty of them follow within a frame.
 */
export class Group {
  readonly cursor = new Shared<number>();
  readonly view = new Shared<Stretch>();
}

const Context = createContext<Group | null>(null);

/** Charts inside show one crosshair and zoom and pan as one. */
export function ChartGroup({ children }: { children: ReactNode }) {
  const [group] = useState(() => new Group());
  return <Context value={group}>{children}</Context>;
}

export const useChartGroup = (): Group | null => useContext(Context);
