/** Returns the new `only` after a click on a legend line: that line alone; with Shift it is added or removed. Null shows all again. */
export function isolate(only: readonly string[] | undefined, name: string, all: readonly string[], add: boolean): string[] | undefined {
  const shown = only ?? all;
  if (!add) return shown.length === 1 && shown[0] === name ? undefined : [name];
  // Shift on a full legend starts from a selection of everything.
  const next = shown.includes(name) ? shown.filter((one) => one !== name) : [...shown, name];
  return next.length === 0 || next.length === all.length ? undefined : all.filter((one) => next.includes(one));
}
