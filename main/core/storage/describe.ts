import { dirname } from 'node:path';
import { type ProblemBody, problem } from '#common/words/problems.ts';
import type { Opening } from '../database/open.ts';

/** Returns why the database could not be opened normally, and what to do about it; null if it could. */
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
