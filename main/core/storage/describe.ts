import { dirname } from 'node:path';
import type { Opening } from '../database/open.ts';

/** Why the database did not open as it was, and what to do about it; null when it did. */
export function describeOpening(opening: Opening): { detail: string; hint: string } | null {
  switch (opening.state) {
    case 'ok':
      return null;
    case 'restored': {
      const { rows, isComplete } = opening.saved;
      const count = (table: string, one: string) => `${rows[table] ?? 0} ${one}${rows[table] === 1 ? '' : 's'}`;
      const drafts = (rows['dashboard_drafts'] ?? 0) === 0 ? '' : `, ${count('dashboard_drafts', 'unsaved dashboard')}`;
      const saved = `${count('outbox', 'queued change')} and ${count('connections', 'connection')}${drafts}`;
      return {
        detail: `The local database was damaged (${opening.reason}). A new one was made; ${saved} could be saved from the old one${isComplete ? '' : ', and others may be lost'}.`,
        hint: `The damaged file is kept as ${opening.aside}. Check this computer’s disk. Everything else is read from the backend again.`,
      };
    }
    case 'memory':
      return {
        detail: `The local database ${opening.file} could not be opened (${opening.reason}). This session keeps its data in memory: queued changes are lost when the console closes.`,
        hint: `Check that the folder ${dirname(opening.file)} can be written and its disk has room, then start the console again.`,
      };
  }
}
