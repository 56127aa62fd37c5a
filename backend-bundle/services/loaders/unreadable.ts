import type { Engines, Vault } from '../../engines/port.ts';
import { tryOpenSecret, tryOpenSettings } from './connections.ts';
import { allLoaders } from './loaders.store.ts';
import { allSources } from './sources.store.ts';

interface Secrets {
  sources: string[];
  loaders: string[];
}

/** Codes of the sources and loaders whose secrets can't be read, by the reason. */
export interface Unreadable {
  /** Encrypted with a master key that this backend doesn't have. */
  keyMissing: Secrets;
  damaged: Secrets;
}

export async function findUnreadable({ database, vault }: Engines<'loaders'>): Promise<Unreadable> {
  const [sources, loaders] = await Promise.all([allSources(database.query), allLoaders(database.query)]);
  const sourceRows = sources
    .filter((row) => tryOpenSettings(row, vault) === null)
    .map(({ code, settings_sealed: sealed }) => ({ code, sealed }));
  const loaderRows = loaders
    .filter((row) => tryOpenSecret(vault, row.sql_sealed) === null)
    .map(({ code, sql_sealed: sealed }) => ({ code, sealed }));
  const secrets = (hasKey: boolean): Secrets => ({
    sources: codesOf(sourceRows, vault, hasKey),
    loaders: codesOf(loaderRows, vault, hasKey),
  });
  return { keyMissing: secrets(false), damaged: secrets(true) };
}

function codesOf(rows: readonly { code: string; sealed: string }[], vault: Vault, hasKey: boolean): string[] {
  return rows.filter(({ sealed }) => vault.hasKey(sealed) === hasKey).map(({ code }) => code);
}

/** Describes what can't be read, and what to do, for the log and the health report; null when everything can be read. */
export function describeUnreadable({ keyMissing, damaged }: Unreadable): string | null {
  const sentences: string[] = [];
  const locked = namesOf(keyMissing);
  if (locked !== '')
    sentences.push(
      `The secrets of ${locked} can’t be read with this master key. Put the old master.key back and restart, or enter them again.`,
    );
  const broken = namesOf(damaged);
  if (broken !== '') sentences.push(`The secrets of ${broken} are damaged. Enter them again.`);
  return sentences.length === 0 ? null : sentences.join(' ');
}

function namesOf({ sources, loaders }: Secrets): string {
  return [sources.length > 0 ? `sources ${sources.join(', ')}` : '', loaders.length > 0 ? `loaders ${loaders.join(', ')}` : '']
    .filter((part) => part !== '')
    .join(' and ');
}
