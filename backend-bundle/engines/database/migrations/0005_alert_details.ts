import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/**
 * An alert's history keeps what the backend says of it apart from any language. What is stored already stays as it is, in English: its
 * sentences cannot be told apart for certain. Reasons inside alerts and rule states are JSON and need no change: without `details` their
 * text is shown.
 */
export const alertDetails: Migration = {
  version: 5,
  name: 'alert-details',
  async up(run, { text }) {
    await run(sql`alter table alert_events add column details ${text}`);
  },
};
