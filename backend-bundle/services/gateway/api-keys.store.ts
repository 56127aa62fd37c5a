import { uuidv7 } from 'uuidv7';
import { AppError } from '#common/contract/errors.ts';
import type { Tables } from '../../engines/database/tables.ts';
import type { Engines } from '../../engines/port.ts';
import { audit } from '../audit.ts';
import type { Caller } from '../service.ts';
import { hashSecret, newSecret } from './secrets.ts';
import type { SessionEnds } from './session-ends.ts';

type KeyRow = Tables['api_keys'];
type Actor = Pick<Caller, 'name'> | string;

export interface ApiKey {
  id: string;
  name: string;
  createdAt: number;
  lastUsedAt: number | null;
}

export interface ApiKeys {
  list(): Promise<ApiKey[]>;
  /** @returns the key with its secret, which is stored nowhere */
  create(name: string, actor: Actor): Promise<ApiKey & { secret: string }>;
  /** @throws AppError not_found */
  remove(id: string, actor: Actor): Promise<void>;
  /** Makes a secret chosen elsewhere valid; one that is known already stays as it is. */
  register(name: string, secret: string): Promise<void>;
}

/** Key of the agent that runs within the backend: made once, kept sealed. */
export async function ownAgentKey({ database, vault, now }: Pick<Engines<'gateway'>, 'database' | 'vault' | 'now'>): Promise<string> {
  const known = await database.query.selectFrom('own_keys').select('secret_sealed').where('name', '=', 'agent').executeTakeFirst();
  const secret = known ? vault.open(known.secret_sealed) : newSecret('wfk');
  if (!known) {
    await database.query
      .insertInto('own_keys')
      .values({ name: 'agent', secret_sealed: vault.seal(secret) })
      .execute();
  }
  await makeApiKeys({ database, now }).register('agent (within the backend)', secret);
  return secret;
}

const toKey = (row: KeyRow): ApiKey => ({ id: row.id, name: row.name, createdAt: row.created_at, lastUsedAt: row.last_used_at });

/** @param ends is told of revoked keys; without it other processes notice at their next heartbeat */
export function makeApiKeys(
  { database, now }: Pick<Engines<'gateway'>, 'database' | 'now'>,
  ends?: Pick<SessionEnds, 'announce'>,
): ApiKeys {
  const add = (name: string, secret: string, actor: Actor): Promise<KeyRow> =>
    database.transaction(async (tx) => {
      const row: KeyRow = { id: uuidv7(), name, secret_hash: hashSecret(secret), created_at: now(), last_used_at: null };
      await tx.insertInto('api_keys').values(row).execute();
      await audit(tx, { actor, action: 'api_key.created', entity: row.id, detail: { name }, at: now() });
      return row;
    });

  return {
    async list() {
      return (await database.query.selectFrom('api_keys').selectAll().orderBy('created_at').execute()).map(toKey);
    },
    async create(name, actor) {
      const secret = newSecret('wfk');
      return { ...toKey(await add(name, secret, actor)), secret };
    },
    async remove(id, actor) {
      await database.transaction(async (tx) => {
        const { numDeletedRows } = await tx.deleteFrom('api_keys').where('id', '=', id).executeTakeFirst();
        if (numDeletedRows === 0n) {
          throw new AppError('not_found', `There is no API key ${id}.`, { hint: 'GET /api/v1/auth/api-keys lists them.' });
        }
        await audit(tx, { actor, action: 'api_key.revoked', entity: id, at: now() });
        ends?.announce(tx, id);
      });
    },
    async register(name, secret) {
      const known = await database.query
        .selectFrom('api_keys')
        .select('id')
        .where('secret_hash', '=', hashSecret(secret))
        .executeTakeFirst();
      if (!known) await add(name, secret, 'environment');
    },
  };
}
