import { z } from 'zod';

/** Milliseconds since 1970-01-01T00:00:00Z. Everything inside the product speaks this. */
export const epochMs = z.number().int().min(0).max(8_640_000_000_000_000);
/** Seconds since 1970-01-01T00:00:00Z: only on the wire of the seed paths, converted at the edge. */
export const epochSeconds = z.coerce.number().int().min(0).max(8_640_000_000_000);
/** A length of time in milliseconds. */
export const durationMs = z.number().int().min(0);

/** UUID version 7: sorts by creation time. */
export const id = z.uuidv7();
/** A short stable name used in addresses and SQL: `belt-speed`. */
export const code = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9][a-z0-9_-]*$/, 'Use lower-case letters, digits, "-" and "_", starting with a letter or digit.');

/** Labels that tell one series from another; keys and values are compared exactly. */
export const labels = z.record(z.string().min(1).max(128), z.string().max(512));
export type Labels = z.infer<typeof labels>;

/** From least to most urgent. */
export const severities = ['INFO', 'WARNING', 'HIGH', 'CRITICAL'] as const;
export const severity = z.enum(severities);
export type Severity = z.infer<typeof severity>;

/** One page of a list; `nextCursor` is opaque, absent on the last page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().optional() });
}
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(512).optional(),
});

/** Canonical text of a label set: the same labels in any order give the same key. */
export function labelsKey(set: Labels): string {
  const names = Object.keys(set);
  const [name] = names;
  // Asked for each point of a live series: one label needs no sorting.
  if (name !== undefined && names.length === 1) return `[[${JSON.stringify(name)},${JSON.stringify(set[name])}]]`;
  return JSON.stringify(Object.entries(set).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
