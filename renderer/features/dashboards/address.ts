import { z } from 'zod';
import { variableValues } from '#common/contract/variables.ts';
import { dayMs, hourMs } from '#common/time/durations.ts';

/** Search parameters of the list. */
export const listAddress = z.object({
  search: z.string().optional(),
  folder: z.string().optional(),
  starred: z.boolean().optional(),
  sort: z.enum(['title', 'changed']).default('title'),
});

/** Search parameters of a dashboard, besides connection and range. */
export const viewAddress = z.object({
  /** Chosen values by variable. */
  vars: variableValues.optional(),
  /** Id of the panel that fills the screen. */
  panel: z.string().optional(),
  edit: z.boolean().optional(),
  kiosk: z.boolean().optional(),
  /** Refresh interval, ms; 0 refreshes only when points arrive. */
  refresh: z.number().int().min(0).max(dayMs).optional(),
  /** The version on view in the history; 0 shows the list alone. */
  version: z.number().int().min(0).optional(),
});

/** Refresh intervals to choose from, ms. */
export const refreshChoices = [0, 10_000, 30_000, 60_000, 300_000, 900_000, hourMs] as const;
