import { join } from 'node:path';
import type { Logger } from 'pino';
import { openDatabase, type ThreadedDatabase } from '../database/database.ts';
import { operations } from './features.ts';

/** The console's database: everything it stores on this computer. */
export type ConsoleDatabase = ThreadedDatabase<typeof operations.reads, typeof operations.writes>;

/** Opens `console.db` in a folder. @throws as `openDatabase` */
export function openConsoleDatabase({
  dataDir,
  threadUrl,
  ...rest
}: {
  dataDir: string;
  /** The built entry of the threads; default: the source beside this file. */
  threadUrl?: URL | undefined;
  log: Logger;
  now: () => number;
}): Promise<ConsoleDatabase> {
  return openDatabase({
    file: join(dataDir, 'console.db'),
    threadUrl: threadUrl ?? new URL('./thread.ts', import.meta.url),
    operations,
    ...rest,
  });
}
