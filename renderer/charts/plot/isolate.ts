/** What `only` becomes when a legend line is clicked: alone, or with Shift added and removed; null shows all again. */
export function isolate(only: readonly string[] | undefined, name: string, all: readonly string[], add: boolean): string[] | undefined {
  const shown = only ?? all;
  if (!add) return shown.length === 1 && shown[0] === name ? undefined : [name];
  // Shift on a full legend starts a selection from everything.
  const next = shown.includes(name) ? shown.filter((one) => one !== name) : [...shown, name];
  return next.length === 0 || next.length === all.length ? undefined : all.filter((one) => next.includes(one));
}
