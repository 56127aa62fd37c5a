import type { Schema } from '../database/schema.ts';
import { sql as connectionsAlertsOutbox } from './migrations/001-connections-alerts-outbox.ts';
import { sql as series } from './migrations/002-series.ts';
import { sql as notices } from './migrations/003-notices.ts';
import { sql as dashboardDrafts } from './migrations/004-dashboard-drafts.ts';
import { sql as seriesChunks } from './migrations/005-series-chunks.ts';
import { sql as outboxBatches } from './migrations/006-outbox-batches.ts';
import { sql as noticeContent } from './migrations/007-notice-content.ts';
import { sql as seriesDamage } from './migrations/008-series-damage.ts';

/** The console's database. */
export const schema = {
  migrations: [connectionsAlertsOutbox, series, notices, dashboardDrafts, seriesChunks, outboxBatches, noticeContent, seriesDamage],
  checked: ['connections', 'outbox', 'settings', 'alerts'],
  // Data that people created here and no backend has; everything else can be read again.
  preserved: ['connections', 'settings', 'outbox', 'dashboard_drafts'],
} as const satisfies Schema;
