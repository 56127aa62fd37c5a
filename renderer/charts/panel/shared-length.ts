/** Returns the length of the prefix that all names share, up to a separator: 5 for `belt-speed` and `belt-items`. */
export function sharedLength(names: readonly string[]): number {
  const [first = '', ...others] = names;
  let same = 0;
  while (same < first.length && others.every((name) => name[same] === first[same])) same += 1;
  while (same > 0 && !/[-_./: ]/.test(first[same - 1] as string)) same -= 1;
  return names.some((name) => name.length === same) ? 0 : same;
}
