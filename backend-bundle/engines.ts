import { join } from 'node:path';
import type { Logger } from 'pino';
import { AppError } from '#common/contract/errors.ts';
import { openBus } from './engines/bus/open.ts';
import { noteRecreated } from './engines/database/notes.ts';
import { openDatabase } from './engines/database/open.ts';
import { checkControlData } from './engines/database/sqlite/lost.ts';
import type { Owner } from './engines/database/tables.ts';
import { openLocks } from './engines/locks/open.ts';
import type { Engines } from './engines/port.ts';
import { openSignals } from './engines/signals/open.ts';
import { openSources } from './engines/sources/open.ts';
import { openVault } from './engines/vault/open.ts';

export interface OpenEngines {
  engines: Engines;
  /** Flushes pending writes and closes the engines in the reverse order of opening. */
  close(): Promise<void>;
}

/** Opens every engine. The only place that knows both the ports and their adapters. */
export async function openEngines(options: {
  /** Data folder; undefined for a process that stores no files of its own. */
  data: string | undefined;
  databaseUrl: string | undefined;
  masterKey: string | undefined;
  log: Logger;
  /** Starts with new control data even if the folder holds the points of an installation whose control data is lost. */
  acceptNewControlData?: boolean;
  /** The only service in this process; absent when all services run in it. */
  service?: Owner;
  /** Permanently gives each service its own schema in the PostgreSQL database. */
  separate?: boolean;
}): Promise<OpenEngines> {
  const { data, databaseUrl, masterKey, log } = options;
  if (databaseUrl === undefined && data === undefined) {
    throw new AppError('validation_failed', 'Neither a data folder nor a database was given.', {
      hint: 'Give --data DIR or --database-url URL.',
    });
  }
  const now = () => Date.now();
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const isRecreated =
      databaseUrl === undefined && data !== undefined && checkControlData(data, options.acceptNewControlData ?? false, log);
    const vault = openVault(data, masterKey, log);
    const { service, separate } = options;
    const server = databaseUrl === undefined ? null : { url: databaseUrl, ...(service && { service }), ...(separate && { separate }) };
    const database = await openDatabase(server ?? { file: join(data ?? '', 'watchfloor.db') }, log);
    closers.push(() => database.close());
    if (isRecreated) await noteRecreated(database.query, now());
    const points = await openSignals(database, data, log);
    closers.push(() => points.close());
    const bus = await openBus(database, log);
    closers.push(() => bus.close());
    const locks = openLocks(database);
    // Loaders may read the shipped source in the data folder; everything else there is private to the backend.
    const own = data === undefined ? undefined : { folder: data, allowed: [join(data, 'conveyor.db')] };
    return { engines: { database, signals: points.signals, bus, locks, sources: openSources(log, own), vault, log, now }, close };
  } catch (error) {
    await close();
    throw error;
  }
}
