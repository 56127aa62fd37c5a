import { z } from 'zod';
import './issue-text.ts';
import { type EpochUnit, endOfTimeMs, findUnitMistake } from './times.ts';

/** Milliseconds since 1970-01-01T00:00:00Z. The unit of times everywhere inside the product. */
export const epochMs = z.number().int().min(0).max(8_640_000_000_000_000);
/** A time in a request, epoch ms. A value in another unit is refused with the unit it seems to be in. */
export const epochMsInput = epochInput('milliseconds');
/** A time in a request, epoch seconds: only in the API of the seed paths, converted to ms on input. */
export const epochSecondsInput = epochInput('seconds');
/** Seconds since 1970-01-01T00:00:00Z in an answer of the seed paths. */
export const epochSeconds = z.number().min(0);

function epochInput(unit: EpochUnit) {
  const last = Math.floor((endOfTimeMs - 1) / (unit === 'seconds' ? 1_000 : 1));
  const mistake = (value: unknown) => (typeof value === 'number' ? findUnitMistake(value, unit) : null);
  return z
    .number()
    .refine((value) => mistake(value) === null, {
      abort: true,
      error: ({ input }) => mistake(input)?.problem,
      params: { epochUnit: unit },
    })
    .int()
    .min(0)
    .max(last, `This is past the year 3883: send at most ${last}.`);
}

/**
 * A number in a query string or an address: decimal digits, with a minus sign at most. Text that only JavaScript would read as a
 * number (`""`, `0x10`, `1e3`, ` 5`) is refused. JSON bodies never use this: there a number is a number.
 */
export function numberInText(schema: z.ZodType<number, number>): z.ZodType<number, number> {
  const read = (value: unknown) => (typeof value === 'string' && /^-?(0|[1-9]\d{0,15})$/.test(value) ? Number(value) : value);
  // HTTP carries text; callers of the typed client pass numbers.
  return z.preprocess(read, schema) as unknown as z.ZodType<number, number>;
}

/** A length of time in milliseconds. */
export const durationMs = z.number().int().min(0);

/** UUID version 7: sorts by creation time. */
export const id = z.uuidv7();
/**
 * A short stable name used in addresses and SQL: `belt-speed`, `DAILY_SALES`, `eu.web-1`. Codes are compared exactly, letter case included.
 * Names with a special meaning in URLs and objects are refused.
 */
export const code = z
  .string()
  .min(1)
  .max(64)
  .regex(/^(?!(\.{1,2}|__proto__)$)[A-Za-z0-9._-]+$/, 'Use letters, digits, ".", "_" and "-".');

/** Labels that identify a series; keys and values are compared exactly. */
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
  limit: numberInText(z.number().int().min(1).max(500)).default(100),
  cursor: z.string().max(512).optional(),
});

/** True if a label set has all of these labels. */
export const hasLabels = (set: Labels, wanted: Labels): boolean => Object.entries(wanted).every(([name, value]) => set[name] === value);

/** Returns the labels that a key stands for; null if it is none. */
export function parseLabelsKey(key: string): Labels | null {
  try {
    const read = labels.safeParse(Object.fromEntries(JSON.parse(key) as [string, string][]));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/** Returns the canonical text of a label set: the same labels in any order give the same key. */
export function labelsKey(set: Labels): string {
  const names = Object.keys(set);
  const [name] = names;
  // Called for each point of a live series: one label needs no sorting.
  if (name !== undefined && names.length === 1) return `[[${JSON.stringify(name)},${JSON.stringify(set[name])}]]`;
  return JSON.stringify(Object.entries(set).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
