export type JsonObject = { readonly [name: string]: unknown };

/** Maximum nesting depth. Grafana's own files have about fifteen levels. */
export const maxDepth = 100;

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns an own property of an object; undefined otherwise. */
export const fieldOf = (value: unknown, name: string): unknown => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);
export const textIn = (value: unknown, name: string): string | null => {
  const found = fieldOf(value, name);
  return typeof found === 'string' ? found : null;
};
export const listIn = (value: unknown, name: string): readonly unknown[] => {
  const found = fieldOf(value, name);
  return Array.isArray(found) ? found : [];
};

/** Returns whether lists and objects are nested deeper than `max`. Not recursive, so it works at any depth. */
export function isDeeperThan(value: unknown, max: number): boolean {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth >= max) return true;
    for (const inner of Object.values(next.value)) open.push({ value: inner, depth: next.depth + 1 });
  }
  return false;
}

/** Returns the value with `change` applied to every text. Field names stay. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapTexts(inner, change)]));
}
