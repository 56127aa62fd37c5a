import { AppError } from '#common/contract/errors.ts';
import type { Loader } from '#common/contract/loaders.ts';
import { type SourceSettings, sourceSettings } from '#common/contract/sources.ts';
import { parseStored } from '../../engines/database/stored-json.ts';
import type { Engines, Vault } from '../../engines/port.ts';
import type { SourceConnection } from '../../engines/sources/port.ts';
import { getSource, type SourceRow } from './sources.store.ts';

/** Shown in place of a secret that is damaged or was encrypted with a missing key. */
export const secretProblem = 'The secret can’t be read. Enter it again.';

/** Why a loader's SQL can't be read, as the API returns it. */
export type SecretProblem = Required<Pick<Loader, 'problem' | 'problemReason'>>;

export function problemOf(vault: Vault, sealed: string): SecretProblem {
  return { problem: secretProblem, problemReason: vault.hasKey(sealed) ? 'damaged' : 'key-missing' };
}

/** @param name name of the secret, as the start of a sentence. @throws AppError unavailable saying what to do when it can't be decrypted */
export function openSecret(vault: Vault, sealed: string, name: string): string {
  try {
    return vault.open(sealed);
  } catch (cause) {
    throw vault.hasKey(sealed)
      ? new AppError('unavailable', `${name} can’t be read: the stored text is damaged.`, { hint: 'Enter it again.', cause })
      : new AppError('unavailable', `${name} can’t be read: the master key that it was stored with is missing.`, {
          hint: 'Enter it again, or put the old master.key back and restart the backend.',
          cause,
        });
  }
}

/** @returns null when it can't be decrypted */
export function tryOpenSecret(vault: Vault, sealed: string): string | null {
  try {
    return vault.open(sealed);
  } catch {
    return null;
  }
}

/** @throws AppError unavailable when they can't be decrypted; UnreadableValue when they are damaged */
function openSettings(row: SourceRow, vault: Vault): SourceSettings {
  return parseSettings(row, openSecret(vault, row.settings_sealed, `The settings of source "${row.name}"`));
}

/** @returns null when they can't be read */
export function tryOpenSettings(row: SourceRow, vault: Vault): SourceSettings | null {
  const text = tryOpenSecret(vault, row.settings_sealed);
  if (text === null) return null;
  try {
    return parseSettings(row, text);
  } catch {
    return null;
  }
}

function parseSettings({ code }: SourceRow, text: string): SourceSettings {
  return parseStored(sourceSettings, text, { table: 'sources', row: { code }, column: 'settings_sealed' });
}

/** Keeps one connection per source, which is reopened after its settings have changed in any process. */
export class SourceConnections {
  readonly #engines: Engines<'loaders'>;
  readonly #open = new Map<string, { sealed: string; connection: SourceConnection }>();

  constructor(engines: Engines<'loaders'>) {
    this.#engines = engines;
  }

  /** @throws AppError not_found */
  async to(code: string): Promise<SourceConnection> {
    const row = await getSource(this.#engines.database.query, code, 'sourceCode');
    const known = this.#open.get(code);
    if (known?.sealed === row.settings_sealed) return known.connection;
    const connection = this.#engines.sources.open(openSettings(row, this.#engines.vault), row.name);
    this.#open.set(code, { sealed: row.settings_sealed, connection });
    if (known !== undefined) this.#end(known.connection);
    return connection;
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map(({ connection }) => connection.close()));
  }

  /** Closes a connection after its running queries have finished. */
  #end(connection: SourceConnection): void {
    connection.close().catch((error) => this.#engines.log.warn({ err: error }, 'a source could not be closed'));
  }
}
