import { bodyOf, identityOf, isOpened, type Plain, plain, same } from './shape.ts';

/** One difference between two versions of a document. */
export interface Change {
  /** The path from the document down; panels and variables by id or name: `['panels', 'p1', 'drawing', 'unit']`. */
  path: readonly string[];
  /** `reordered`: the entries of a list are in another order; `before` and `after` are their ids. */
  kind: 'added' | 'removed' | 'changed' | 'reordered';
  before: unknown;
  after: unknown;
}

/**
 * Returns the differences between two versions of a chart or dashboard, in the order of the later one. Panels are matched by id and
 * variables by name, in any order; a panel's place, a range, a selector and every other list count as one value each.
 */
export function diffDocuments(before: object, after: object): Change[] {
  return diffObjects(bodyOf(before), bodyOf(after), []);
}

function diffObjects(before: Plain, after: Plain, path: readonly string[]): Change[] {
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...names].flatMap((name) => diffValues(before[name], after[name], [...path, name]));
}

function diffValues(before: unknown, after: unknown, path: readonly string[]): Change[] {
  if (same(before, after)) return [];
  if (before === undefined || after === undefined) {
    return [{ path, kind: before === undefined ? 'added' : 'removed', before, after }];
  }
  const identity = identityOf(path);
  if (identity !== null && Array.isArray(before) && Array.isArray(after)) return diffLists(before, after, identity, path);
  const [left, right] = [plain(before), plain(after)];
  if (left && right && isOpened(path)) return diffObjects(left, right, path);
  return [{ path, kind: 'changed', before, after }];
}

function diffLists(before: readonly unknown[], after: readonly unknown[], identity: string, path: readonly string[]): Change[] {
  const idOf = (entry: unknown) => String(plain(entry)?.[identity]);
  const left = new Map(before.map((entry) => [idOf(entry), entry]));
  const right = new Map(after.map((entry) => [idOf(entry), entry]));
  const ids = new Set([...right.keys(), ...left.keys()]);
  const changes = [...ids].flatMap((id): Change[] => {
    const [one, other] = [left.get(id), right.get(id)];
    const entry = [...path, id];
    const [a, b] = [plain(one), plain(other)];
    return a && b ? diffObjects(a, b, entry) : diffValues(one, other, entry);
  });
  const kept = { before: [...left.keys()].filter((id) => right.has(id)), after: [...right.keys()].filter((id) => left.has(id)) };
  return same(kept.before, kept.after) ? changes : [...changes, { path, kind: 'reordered', ...kept }];
}
