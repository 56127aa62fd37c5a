import type { Selectable } from 'kysely';
import { AppError } from '#common/contract/errors.ts';
import { type SourceSettings, sourceSettings } from '#common/contract/sources.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import type { Tables } from '../../engines/database/tables.ts';
import type { Engines, Vault } from '../../engines/port.ts';
import type { SourceConnection } from '../../engines/sources/port.ts';

export type SourceRow = Selectable<Tables['sources']>;

export async function findSource(query: Queries | Tx, code: string, field = 'code'): Promise<SourceRow> {
  const row = await query.selectFrom('sources').selectAll().where('code', '=', code).executeTakeFirst();
  if (row === undefined) {
    throw new AppError('not_found', `There is no source "${code}".`, { field, hint: 'Add the source first, or choose one from the list.' });
  }
  return row;
}

export function openSettings(row: SourceRow, vault: Vault): SourceSettings {
  return sourceSettings.parse(JSON.parse(vault.open(row.settings_sealed)));
}

/** One connection a source, opened anew when its settings have changed, by whichever process. */
export class Connections {
  readonly #engines: Engines;
  readonly #open = new Map<string, { sealed: string; connection: SourceConnection }>();

  constructor(engines: Engines) {
    this.#engines = engines;
  }

  /** @throws AppError not_found */
  async to(code: string): Promise<SourceConnection> {
    const row = await findSource(this.#engines.database.query, code, 'sourceCode');
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

  /** Queries that still run on it end first. */
  #end(connection: SourceConnection): void {
    connection.close().catch((error) => this.#engines.log.warn({ err: error }, 'a source could not be closed'));
  }
}
