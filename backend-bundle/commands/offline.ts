import { resolve } from 'node:path';
import { z } from 'zod';
import { prepareFolder, readEnvironment } from '../config.ts';
import { lockFolder } from '../engines/locks/folder.ts';
import type { Engines } from '../engines/port.ts';
import { openEngines } from '../engines.ts';
import { makeLog } from './process.ts';
import { databaseUrl, defaultDataFolder } from './shared.ts';

export const offlineFlags = z.object({ data: z.string().min(1).default(defaultDataFolder()), 'database-url': databaseUrl.optional() });
export const offlineHelp = `
  --data DIR           data folder (${defaultDataFolder()})
  --database-url URL   postgres://user:password@host:port/name in place of the SQLite file`;

/** Opens the engines of a stopped backend, runs `work` with them and closes them. */
export async function withEngines<T>(
  options: z.output<typeof offlineFlags> & { separate?: boolean },
  work: (engines: Engines) => Promise<T>,
): Promise<T> {
  const environment = readEnvironment(process.env);
  const log = await makeLog({ json: false, level: 'warn' });
  const data = resolve(options.data);
  prepareFolder(data);
  const lock = lockFolder(data);
  try {
    const { engines, close } = await openEngines({
      data,
      databaseUrl: options['database-url'] ?? environment.WATCHFLOOR_DATABASE_URL,
      masterKey: environment.WATCHFLOOR_MASTER_KEY,
      log,
      ...(options.separate && { separate: true }),
    });
    try {
      return await work(engines);
    } finally {
      await close();
    }
  } finally {
    lock.release();
  }
}
