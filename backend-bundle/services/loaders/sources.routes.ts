import { AppError } from '#common/contract/errors.ts';
import {
  hidden,
  type Source,
  type SourceCheck,
  type SourceInput,
  type SourceSettings,
  sourceKind,
  sources,
  writeAccess,
} from '#common/contract/sources.ts';
import type { Engines, Vault } from '../../engines/port.ts';
import { audit } from '../audit.ts';
import { checkCodeUnchanged, checkNotReserved } from '../codes.ts';
import { type Route, routes } from '../service.ts';
import { type SourceConnections, secretProblem, tryOpenSettings } from './connections.ts';
import {
  allSources,
  deleteSource,
  getSource,
  insertSource,
  loadersOf,
  noteCheck,
  type SourceRow,
  settingsColumns,
  updateSource,
} from './sources.store.ts';

function masked(settings: SourceSettings): SourceSettings {
  return settings.kind === 'sqlite' ? settings : { ...settings, password: hidden };
}

/** Returns the source with its password hidden. */
function toSource(row: SourceRow, vault: Vault): Source {
  const settings = tryOpenSettings(row, vault);
  return {
    code: row.code,
    name: row.name,
    kind: sourceKind.parse(row.kind),
    settings: settings === null ? null : masked(settings),
    ...(settings === null ? { problem: secretProblem } : {}),
    writeAccess: writeAccess.catch('unknown').parse(row.write_access),
    checkedAt: row.checked_at,
    updatedAt: row.updated_at,
  };
}

/** Endpoints of the source databases. Passwords never leave: they are shown as `***`. */
export function sourceRoutes(engines: Engines<'loaders'>, connections: SourceConnections): Route[] {
  const { database, vault, now } = engines;

  const shown = (row: SourceRow) => toSource(row, vault);
  const columns = (input: SourceInput, settings: SourceSettings) => ({ name: input.name, ...settingsColumns(settings, vault, now()) });

  return routes(sources, {
    list: async () => ({ items: (await allSources(database.query)).map(shown) }),

    create: async ({ body, caller, commit }) => {
      checkNotReserved('source', sources.create.path, body.code);
      usable(engines, body);
      if (body.settings.kind !== 'sqlite' && body.settings.password === hidden) throw keptNothing();
      const row = { code: body.code, ...columns(body, body.settings) };
      return commit(database, async (tx) => {
        if (!(await insertSource(tx, row))) {
          throw new AppError('conflict', `A source with the code "${body.code}" exists already.`, {
            field: 'code',
            hint: 'Choose another code, or change that source.',
          });
        }
        await audit(tx, { actor: caller, action: 'source.created', entity: body.code, detail: { kind: body.settings.kind }, at: now() });
        return shown(row);
      });
    },

    update: async ({ params, body, caller, commit }) => {
      checkCodeUnchanged('source', params.code, body.code, 'Loaders refer to it. Add another source instead.');
      usable(engines, body);
      return commit(database, async (tx) => {
        const before = await getSource(tx, params.code);
        const row = { ...before, ...columns(body, withKeptPassword(body.settings, tryOpenSettings(before, vault))) };
        await updateSource(tx, row);
        await audit(tx, { actor: caller, action: 'source.updated', entity: body.code, detail: { kind: body.settings.kind }, at: now() });
        return shown(row);
      });
    },

    remove: ({ params, caller, commit }) =>
      commit(database, async (tx) => {
        await getSource(tx, params.code);
        const users = await loadersOf(tx, params.code);
        if (users.length > 0) {
          throw new AppError('conflict', `Source "${params.code}" is used by ${users.join(', ')}.`, {
            field: 'code',
            hint: 'Delete these loaders first, or give them another source.',
          });
        }
        await deleteSource(tx, params.code);
        await audit(tx, { actor: caller, action: 'source.deleted', entity: params.code, at: now() });
      }),

    check: ({ params }) => checkSource(engines, connections, params.code),
  });
}

/** Checks the source and stores the result for its account. @throws AppError not_found */
export async function checkSource(engines: Engines<'loaders'>, connections: SourceConnections, code: string): Promise<SourceCheck> {
  const { database, now } = engines;
  const before = await getSource(database.query, code);
  if (tryOpenSettings(before, engines.vault) === null) {
    const failed = { ok: false, latencyMs: 0, writeAccess: 'unknown' as const, message: secretProblem };
    return engines.vault.hasKey(before.settings_sealed) ? failed : { ...failed, hint: 'Or put the old master.key back and restart.' };
  }
  const check = await (await connections.to(code)).check();
  if (check.ok) {
    await noteCheck(database.query, before, check.writeAccess, now());
  }
  return check;
}

/** Returns whether the settings can work; this opens the source without connecting to it. */
function usable({ sources: open }: Engines<'loaders'>, { settings, name }: SourceInput): void {
  void open.open(settings, name).close();
}

function keptNothing(): AppError {
  return new AppError('validation_failed', 'The password of a new source cannot be "***".', {
    field: 'settings.password',
    hint: '"***" keeps a stored password, and there is none yet. Write the password.',
  });
}

/**
 * Fills in the stored password if none is given. @param before null when the stored settings can't be read. @throws AppError
 * validation_failed when there is no stored password
 */
function withKeptPassword(next: SourceSettings, before: SourceSettings | null): SourceSettings {
  if (next.kind === 'sqlite' || next.password !== hidden) return next;
  if (before === null) {
    throw new AppError('validation_failed', 'The stored password can’t be read, so it can’t be kept.', {
      field: 'settings.password',
      hint: 'Enter the password again.',
    });
  }
  if (before.kind === 'sqlite') throw keptNothing();
  return { ...next, password: before.password };
}
