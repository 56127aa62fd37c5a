/** The rows on screen, by key, and the query that they were sorted for. */
export interface QueriedRows {
  question: string;
  keys: readonly string[];
}

export interface ShownRows extends QueriedRows {
  /** Keys that belong in the list and appear once it is released. */
  waiting: readonly string[];
}

/**
 * Returns the rows of the list. While it is held nothing moves: rows keep their places, even those that no longer belong (unless they cease
 * to exist), and new ones wait. When it is released, or the query changes, the rows become `wanted`. If nothing changed, the same array is
 * returned, so that the table doesn't render again.
 * @param wanted keys that belong in the list now, in order
 * @param exists whether a key still exists at all
 */
export function holdRows(
  before: QueriedRows | null,
  question: string,
  wanted: readonly string[],
  held: boolean,
  exists: (key: string) => boolean,
): ShownRows {
  // In an empty list nothing can move.
  if (!held || before === null || before.question !== question || before.keys.length === 0) {
    const isSame = before !== null && isSameRows(before, { question, keys: wanted });
    return { question, keys: isSame ? before.keys : wanted, waiting: [] };
  }
  const left = before.keys.filter(exists);
  const keys = left.length === before.keys.length ? before.keys : left;
  const present = new Set(keys);
  return { question, keys, waiting: wanted.filter((key) => !present.has(key)) };
}

export function isSameRows(before: QueriedRows | null, now: QueriedRows): boolean {
  if (before === null || before.question !== now.question || before.keys.length !== now.keys.length) return false;
  return before.keys === now.keys || before.keys.every((key, i) => key === now.keys[i]);
}

/** Returns the key `step` rows from the current one, within the list; the first one if there is no current one. */
export function neighbour(keys: readonly string[], current: string | null, step: number): string | undefined {
  const at = current === null ? -1 : keys.indexOf(current);
  if (at === -1) return keys[0];
  return keys[Math.min(keys.length - 1, Math.max(0, at + step))];
}
