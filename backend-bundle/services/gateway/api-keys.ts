import { uuidv7 } from 'uuidv7';
import { AppError } from '#common/contract/errors.ts';
import type { Engines } from '../../engines/port.ts';
import { audit } from '../audit.ts';
import { type Caller, type Commit, commitUnrecorded } from '../service.ts';
import { allKeys, deleteKey, findKey, findOwnKey, insertKey, insertOwnKey, type KeyRow } from './api-keys.store.ts';
import { hashSecret, newSecret } from './secrets.ts';
import type { SessionEnds } from './session-ends.ts';

type Actor = Pick<Caller, 'name'> | string;

interface ApiKey {
  id: string;
  name: string;
  createdAt: number;
  lastUsedAt: number | null;
}

type NewApiKey = ApiKey & { secret: string };

export interface ApiKeys {
  list(): Promise<ApiKey[]>;
  /** @returns the key with its secret, which is stored nowhere */
  create(name: string, actor: Actor, commit?: Commit<NewApiKey>): Promise<NewApiKey>;
  /** @throws AppError not_found */
  remove(id: string, actor: Actor, commit?: Commit<void>): Promise<void>;
  /** Registers a secret that was chosen elsewhere; does nothing if it is already known. */
  register(name: string, secret: string): Promise<void>;
}

/** Returns the API key of the built-in agent, which is created once and stored encrypted. */
export async function ownAgentKey({ database, vault, now }: Pick<Engines<'gateway'>, 'database' | 'vault' | 'now'>): Promise<string> {
  const known = await findOwnKey(database.query, 'agent');
  const secret = known === undefined ? newSecret('wfk') : vault.open(known);
  if (known === undefined) await insertOwnKey(database.query, 'agent', vault.seal(secret));
  await makeApiKeys({ database, now }).register('agent (within the backend)', secret);
  return secret;
}

const toKey = (row: KeyRow): ApiKey => ({ id: row.id, name: row.name, createdAt: row.created_at, lastUsedAt: row.last_used_at });

/** @param ends is notified of revoked keys; without it other processes notice at their next check */
export function makeApiKeys(
  { database, now }: Pick<Engines<'gateway'>, 'database' | 'now'>,
  ends?: Pick<SessionEnds, 'announce'>,
): ApiKeys {
  const add = (name: string, secret: string, actor: Actor, commit: Commit<NewApiKey>): Promise<NewApiKey> =>
    commit(database, async (tx) => {
      const row: KeyRow = { id: uuidv7(), name, secret_hash: hashSecret(secret), created_at: now(), last_used_at: null };
      await insertKey(tx, row);
      await audit(tx, { actor, action: 'api_key.created', entity: row.id, detail: { name }, at: now() });
      return { ...toKey(row), secret };
    });

  return {
    async list() {
      return (await allKeys(database.query)).map(toKey);
    },
    create: (name, actor, commit = commitUnrecorded) => add(name, newSecret('wfk'), actor, commit),
    async remove(id, actor, commit = commitUnrecorded) {
      await commit(database, async (tx) => {
        if (!(await deleteKey(tx, id))) {
          throw new AppError('not_found', `There is no API key ${id}.`, { hint: 'GET /api/v1/auth/api-keys lists them.' });
        }
        await audit(tx, { actor, action: 'api_key.revoked', entity: id, at: now() });
        ends?.announce(tx, id);
      });
    },
    async register(name, secret) {
      const known = await findKey(database.query, hashSecret(secret));
      if (known === undefined) await add(name, secret, 'environment', commitUnrecorded);
    },
  };
}
