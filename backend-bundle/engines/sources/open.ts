import type { Logger } from 'pino';
import { MysqlSource } from './mysql.ts';
import type { Sources } from './port.ts';
import { PostgresqlSource } from './postgresql.ts';
import { type OwnFolder, openSqlite } from './sqlite.ts';

/** Opens sources of every kind. Connects at the first query. @param own the backend's data folder, whose files no source may read */
export function openSources(log: Logger, own?: OwnFolder): Sources {
  return {
    open(settings, name) {
      const sourceLog = log.child({ source: name });
      switch (settings.kind) {
        case 'sqlite':
          return openSqlite(settings, name, sourceLog, own);
        case 'postgresql':
          return new PostgresqlSource(settings, name, sourceLog);
        case 'mysql':
          return new MysqlSource(settings, name, sourceLog);
      }
    },
  };
}
