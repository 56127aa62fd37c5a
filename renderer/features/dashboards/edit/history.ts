import type { DashboardBody } from '#common/contract/dashboards.ts';
import { same } from '#common/versions/shape.ts';

/** The history of an edit: the current state, the states before each step, and the steps that were undone. */
export interface Editing {
  past: readonly DashboardBody[];
  present: DashboardBody;
  future: readonly DashboardBody[];
}

export const startEditing = (body: DashboardBody): Editing => ({ past: [], present: body, future: [] });

/** Adds a step and drops the undone ones. Does nothing if nothing changed. */
export function step(editing: Editing, next: DashboardBody): Editing {
  if (same(editing.present, next)) return editing;
  return { past: [...editing.past, editing.present], present: next, future: [] };
}

export function undo({ past, present, future }: Editing): Editing {
  const before = past.at(-1);
  return before === undefined ? { past, present, future } : { past: past.slice(0, -1), present: before, future: [present, ...future] };
}

export function redo({ past, present, future }: Editing): Editing {
  const [next, ...rest] = future;
  return next === undefined ? { past, present, future } : { past: [...past, present], present: next, future: rest };
}
