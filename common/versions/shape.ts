/** Splits charts and dashboards into the parts that are compared and merged. */

export type Plain = Readonly<Record<string, unknown>>;

/** Lists whose entries are identified by this field, in any order. Every other list counts as one value. */
const identities: Record<string, string> = { panels: 'id', variables: 'name' };

/** Returns the field that identifies the entries of the list at `path`; null when the list counts as one value. */
export function identityOf(path: readonly string[]): string | null {
  return identities[path.at(-1) ?? ''] ?? null;
}

/**
 * Returns whether the fields of the object at `path` are compared one by one: those of a panel's own drawing are, those of its place are
 * not.
 */
export function isOpened(path: readonly string[]): boolean {
  return path.length === 3 && path[0] === 'panels' && path[2] === 'drawing';
}

/** Fields of the record, which are not part of the definition. */
const recordNames = new Set(['version', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy']);

export function bodyOf(document: object): Plain {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !recordNames.has(name)));
}

/** Returns the value as an object with named fields; null when it is something else. */
export function plain(value: unknown): Plain | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : null;
}

/**
 * Returns whether two JSON values are equal; the order of an object's fields does not matter, and a missing field equals an undefined one.
 */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => same(one, b[i]));
  const [left, right] = [plain(a), plain(b)];
  if (left === null || right === null) return false;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((name) => same(left[name], right[name]));
}
