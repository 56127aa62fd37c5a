import { dirname } from 'node:path';
import { type ProblemBody, problem } from '#common/words/problems.ts';
import type { Opening } from '../database/open.ts';

/** Why the database did not open as it was, and what to do about it; null when it did. */
export function describeOpening(opening: Opening): ProblemBody | null {
  switch (opening.state) {
    case 'ok':
      return null;
    case 'restored': {
      const { rows, isComplete } = opening.saved;
      const params = {
        cause: opening.reason,
        aside: opening.aside,
        changes: rows['outbox'] ?? 0,
        connections: rows['connections'] ?? 0,
        drafts: rows['dashboard_drafts'] ?? 0,
      };
      return isComplete ? problem('database_restored', params) : problem('database_restored_in_part', params);
    }
    case 'memory':
      return problem('database_in_memory', { cause: opening.reason, file: opening.file, folder: dirname(opening.file) });
  }
}
