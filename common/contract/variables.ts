import { z } from 'zod';

/** The name of a variable, without the `$` of a selector (`$loader`). */
export const variableName = z
  .string()
  .regex(/^\$[a-z][a-z0-9_]{0,31}$/, 'A variable is “$” and a name in lower-case letters, digits and “_”.');

/** Matches every value: the selector isn't limited by it. */
export const everyValue = '*';

/** Something a reader of a dashboard chooses once for all its panels. */
export const variable = z.strictObject({
  /** Without the `$`. */
  name: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'Use lower-case letters, digits and “_”, starting with a letter.'),
  label: z.string().max(60).default(''),
  /** Source of its values: the loaders, the segments of a loader, the values of a label over all metrics, or `options`. */
  kind: z.enum(['loader', 'segment', 'label', 'options']),
  /** `kind: 'segment'`: the loader, or the variable that names it. `kind: 'label'`: the label's name. */
  of: z.string().max(128).optional(),
  options: z.array(z.string().max(256)).max(200).default([]),
  /** The default value; `*` means every value. */
  value: z.string().max(256).default(everyValue),
});
export type Variable = z.infer<typeof variable>;
export const variables = z
  .array(variable)
  .max(12)
  .default([])
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'Two variables have the same name.');

/** Chosen values by name, without the `$`. */
export const variableValues = z.record(z.string().max(32), z.string().max(256));
export type VariableValues = z.infer<typeof variableValues>;
