/** The rows on screen, by key, and the query that they were sorted for. */
export interface Standing {
  question: string;
  keys: readonly string[];
}

export interface Shown extends Standing {
  /** Keys that belong in the list and wait until it is let go. */
  waiting: readonly string[];
}

/**
 * Where the rows stand now. While the list is held nothing moves: rows keep their places, also those that no longer belong
 * (they leave only when they cease to exist), and new ones wait. Let go, or asked another question, it is what is wanted.
 * Where nothing changed the keys are the same array, so that the table need not be drawn again.
 * @param wanted keys that belong in the list now, in order
 * @param exists whether a key is still known at all
 */
export function stand(
  before: Standing | null,
  question: string,
  wanted: readonly string[],
  held: boolean,
  exists: (key: string) => boolean,
): Shown {
  // Nothing can move in an empty list.
  if (!held || before === null || before.question !== question || before.keys.length === 0) {
    const isSame = before !== null && isSameStanding(before, { question, keys: wanted });
    return { question, keys: isSame ? before.keys : wanted, waiting: [] };
  }
  const left = before.keys.filter(exists);
  const keys = left.length === before.keys.length ? before.keys : left;
  const standing = new Set(keys);
  return { question, keys, waiting: wanted.filter((key) => !standing.has(key)) };
}

export function isSameStanding(before: Standing | null, now: Standing): boolean {
  if (before === null || before.question !== now.question || before.keys.length !== now.keys.length) return false;
  return before.keys === now.keys || before.keys.every((key, i) => key === now.keys[i]);
}

/** The key `step` rows from the current one, within the list; the first row when there is none. */
export function neighbour(keys: readonly string[], current: string | null, step: number): string | undefined {
  const at = current === null ? -1 : keys.indexOf(current);
  if (at === -1) return keys[0];
  return keys[Math.min(keys.length - 1, Math.max(0, at + step))];
}
