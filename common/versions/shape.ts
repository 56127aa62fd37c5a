/** How charts and dashboards are taken apart to be compared and merged. */

export type Plain = Readonly<Record<string, unknown>>;

/** Lists whose entries stay themselves while this field does, wherever they stand. Every other list counts as one value. */
const identities: Record<string, string> = { panels: 'id', variables: 'name' };

/** The field that tells the entries of the list at `path` apart; null when the list counts as one value. */
export function identityOf(path: readonly string[]): string | null {
  return identities[path.at(-1) ?? ''] ?? null;
}

/** Whether the fields of the object at `path` are taken one by one: of a panel's own drawing they are, of its place they are not. */
export function isOpened(path: readonly string[]): boolean {
  return path.length === 3 && path[0] === 'panels' && path[2] === 'drawing';
}

/** Who wrote a version when is not part of what was written. */
const recordNames = new Set(['version', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy']);

export function bodyOf(document: object): Plain {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !recordNames.has(name)));
}

/** The value as an object with named fields; null when it is something else. */
export function plain(value: unknown): Plain | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : null;
}

/** Whether two JSON values say the same; the order of an object's fields does not count, and a missing field equals an undefined one. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => same(one, b[i]));
  const [left, right] = [plain(a), plain(b)];
  if (left === null || right === null) return false;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((name) => same(left[name], right[name]));
}
