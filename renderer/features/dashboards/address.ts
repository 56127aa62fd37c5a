import { z } from 'zod';
import { variableValues } from '#common/contract/variables.ts';
import { dayMs, hourMs } from '#common/time/durations.ts';

/** What the address says about the list. */
export const listAddress = z.object({
  search: z.string().optional(),
  folder: z.string().optional(),
  starred: z.boolean().optional(),
  sort: z.enum(['title', 'changed']).default('title'),
});

/** What the address says about a dashboard, besides connection and range. */
export const viewAddress = z.object({
  /** Chosen values by variable. */
  vars: variableValues.optional(),
  /** Id of the one panel that fills the screen. */
  panel: z.string().optional(),
  edit: z.boolean().optional(),
  kiosk: z.boolean().optional(),
  /** How often everything is read again, ms; 0 leaves it to the arrival of points. */
  refresh: z.number().int().min(0).max(dayMs).optional(),
  /** The history, open at a version; 0 is the list alone. */
  version: z.number().int().min(0).optional(),
});

/** How often a dashboard can be told to read again, ms. */
export const refreshChoices = [0, 10_000, 30_000, 60_000, 300_000, 900_000, hourMs] as const;
