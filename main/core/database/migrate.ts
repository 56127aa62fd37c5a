import type BetterSqlite3 from 'better-sqlite3';
import type { AppError } from '#common/contract/errors.ts';
import { productVersion } from '#common/contract/version.ts';
import { problemError } from '#common/words/problems.ts';

/** Returns the version of a database's schema; 0 for an empty database. */
function schemaVersion(db: BetterSqlite3.Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/**
 * Migrates the schema to `target`, with one transaction per migration: if one fails, the earlier ones stay.
 * @param migrations SQL, in order: the position in the list is the resulting version of the schema
 * @throws AppError `version_conflict` when the database is newer than this console; nothing was changed then
 */
export function migrate(db: BetterSqlite3.Database, migrations: readonly string[], target = migrations.length): void {
  const found = schemaVersion(db);
  if (found > migrations.length) throw tooNew(db, found, migrations.length);
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

function tooNew(db: BetterSqlite3.Database, found: number, known: number): AppError {
  const row = db.prepare<[], { product: string }>('SELECT product FROM schema_history ORDER BY version DESC LIMIT 1').get();
  return problemError('database_too_new', { file: db.name, found, known, writer: row?.product ?? '?', console: productVersion });
}
