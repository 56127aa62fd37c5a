import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/**
 * Stores the backend's notes in an alert's history as data, so that they can be shown in any language. Existing notes stay in English,
 * because their sentences can't be parsed reliably. Reasons inside alerts and rule states are JSON and need no change: without `details`
 * their text is shown.
 */
export const alertDetails: Migration = {
  version: 5,
  name: 'alert-details',
  async up(run, { text }) {
    await run(sql`alter table alert_events add column details ${text}`);
  },
};
