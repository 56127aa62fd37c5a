import type { Engines } from '../../engines/port.ts';
import { tryOpenSecret, tryOpenSettings } from './connections.ts';
import { allLoaders } from './loaders.store.ts';
import { allSources } from './sources.store.ts';

/** Codes of the sources and loaders whose secrets were sealed with a key that is gone, or damaged. */
export interface Unreadable {
  sources: string[];
  loaders: string[];
}

export async function findUnreadable({ database, vault }: Engines<'loaders'>): Promise<Unreadable> {
  const [sources, loaders] = await Promise.all([allSources(database.query), allLoaders(database.query)]);
  return {
    sources: sources.filter((row) => tryOpenSettings(row, vault) === null).map(({ code }) => code),
    loaders: loaders.filter((row) => tryOpenSecret(vault, row.sql_sealed) === null).map(({ code }) => code),
  };
}

/** One sentence for the log and the health report, and what to do; null when all can be read. */
export function describeUnreadable({ sources, loaders }: Unreadable): string | null {
  const named = [sources.length > 0 ? `sources ${sources.join(', ')}` : '', loaders.length > 0 ? `loaders ${loaders.join(', ')}` : ''];
  const whose = named.filter((part) => part !== '').join(' and ');
  if (whose === '') return null;
  return `The secrets of ${whose} can’t be read with this master key. Put the old master.key back and restart, or enter them again.`;
}
