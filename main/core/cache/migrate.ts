import type BetterSqlite3 from 'better-sqlite3';
import { AppError } from '#common/contract/errors.ts';
import { productVersion } from '#common/contract/version.ts';
import { sql as connectionsAlertsOutbox } from './migrations/001-connections-alerts-outbox.ts';
import { sql as series } from './migrations/002-series.ts';
import { sql as notices } from './migrations/003-notices.ts';
import { sql as dashboardDrafts } from './migrations/004-dashboard-drafts.ts';
import { sql as seriesChunks } from './migrations/005-series-chunks.ts';
import { sql as outboxBatches } from './migrations/006-outbox-batches.ts';

/** In order; the place in this list is the version of the schema it leads to. Never change one that was released. */
export const migrations: readonly string[] = [connectionsAlertsOutbox, series, notices, dashboardDrafts, seriesChunks, outboxBatches];

/** The version of the schema a database has; 0 for an empty one. */
export function schemaVersion(db: BetterSqlite3.Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/**
 * Brings the schema up to `target`, one transaction a migration: a failing one leaves the database as the one before it did.
 * @throws AppError `version_conflict` when the database is newer than this console; nothing was touched then.
 */
export function migrate(db: BetterSqlite3.Database, target = migrations.length): void {
  const found = schemaVersion(db);
  if (found > migrations.length) {
    const writer = db.prepare<[], { product: string }>('SELECT product FROM schema_history ORDER BY version DESC LIMIT 1').get();
    throw new AppError(
      'version_conflict',
      `The local database ${db.name} has schema ${found}, written by Watchfloor ${writer?.product ?? 'of a later version'}; ` +
        `this is Watchfloor ${productVersion}, which knows schemas up to ${migrations.length}.`,
      {
        hint: `Start Watchfloor ${writer?.product ?? 'in that later version'} or newer, or another data folder with --data. The database was left as it is.`,
      },
    );
  }
  if (found === 0 && target > 0) {
    // Must come before the first table; lets the file shrink when old points are dropped.
    db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma('journal_mode = WAL');
    db.exec('CREATE TABLE IF NOT EXISTS schema_history (version INTEGER PRIMARY KEY, product TEXT NOT NULL, at INTEGER NOT NULL) STRICT');
  }
  for (const [index, sql] of migrations.slice(0, target).entries()) {
    const version = index + 1;
    if (version <= found) continue;
    db.transaction(() => {
      db.exec(sql);
      db.prepare('INSERT INTO schema_history (version, product, at) VALUES (?, ?, ?)').run(version, productVersion, Date.now());
      db.pragma(`user_version = ${version}`);
    }).immediate();
  }
}
