import { uuidv7 } from 'uuidv7';
import type { User } from '#common/contract/auth.ts';
import type { Role } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import { isUniqueViolation, type Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import { audit } from '../audit.ts';
import { type Caller, type Commit, commitUnrecorded } from '../service.ts';
import { asRole } from './authenticator.ts';
import { hashPassword } from './passwords.ts';
import type { SessionEnds } from './session-ends.ts';
import { deleteSessionsOf } from './sessions.store.ts';
import {
  allUsers,
  findUser,
  findUserByName,
  insertUser,
  isAnyUser,
  isOtherAdministrator,
  replaceUser,
  type UserRow,
} from './users.store.ts';

type Actor = Pick<Caller, 'name'> | string;

interface NewUser {
  username: string;
  password: string;
  role: Role;
  displayName?: string | undefined;
}
interface UserChange {
  role?: Role | undefined;
  displayName?: string | undefined;
  password?: string | undefined;
  disabled?: boolean | undefined;
}

export function toUser(row: UserRow): User {
  return {
    id: row.id,
    username: row.username,
    role: asRole(row.role),
    displayName: row.display_name,
    disabled: row.disabled !== 0,
    createdAt: row.created_at,
  };
}

/** The users of this backend. */
export class Users {
  readonly #engines: Pick<Engines<'gateway'>, 'database' | 'now'>;
  readonly #ends: Pick<SessionEnds, 'announce'> | undefined;

  /** @param ends is notified when sessions end; without it other processes notice at their next check */
  constructor(engines: Pick<Engines<'gateway'>, 'database' | 'now'>, ends?: Pick<SessionEnds, 'announce'>) {
    this.#engines = engines;
    this.#ends = ends;
  }

  async list(): Promise<User[]> {
    return (await allUsers(this.#engines.database.query)).map(toUser);
  }

  /** @throws AppError not_found */
  async get(id: string): Promise<User> {
    const row = await findUser(this.#engines.database.query, id);
    if (!row) throw noUser(id);
    return toUser(row);
  }

  /** @throws AppError conflict when the name is taken */
  async create(input: NewUser, actor: Actor, commit: Commit<User> = commitUnrecorded): Promise<User> {
    const { database, now } = this.#engines;
    const row: UserRow = {
      id: uuidv7(),
      username: input.username,
      display_name: input.displayName ?? input.username,
      role: input.role,
      password_hash: await hashPassword(input.password),
      disabled: 0,
      created_at: now(),
    };
    try {
      return await commit(database, async (tx) => {
        await insertUser(tx, row);
        await audit(tx, { actor, action: 'user.created', entity: input.username, detail: { role: input.role }, at: now() });
        return toUser(row);
      });
    } catch (cause) {
      if (!isUniqueViolation(cause)) throw cause;
      throw new AppError('conflict', `There is already a user named ${input.username}.`, {
        field: 'username',
        hint: 'Choose another name, or change that user.',
        cause,
      });
    }
  }

  /** @throws AppError not_found, conflict when no enabled administrator would be left */
  async update(id: string, change: UserChange, actor: Actor, commit: Commit<User> = commitUnrecorded): Promise<User> {
    const { database, now } = this.#engines;
    // The slow hash is computed outside the transaction, which would block every other writer.
    const hash = change.password === undefined ? undefined : await hashPassword(change.password);
    return commit(database, async (tx) => {
      const before = await findUser(tx, id);
      if (!before) throw noUser(id);
      const after: UserRow = {
        ...before,
        role: change.role ?? before.role,
        display_name: change.displayName ?? before.display_name,
        disabled: change.disabled === undefined ? before.disabled : Number(change.disabled),
        password_hash: hash ?? before.password_hash,
      };
      const wasAdministrator = before.role === 'ADMIN' && before.disabled === 0;
      if (wasAdministrator && (after.role !== 'ADMIN' || after.disabled !== 0)) await keepOneAdministrator(tx, before);
      await replaceUser(tx, after);
      // A new password or a disabled account ends all existing sessions of the user.
      if (hash !== undefined || after.disabled !== 0) {
        await deleteSessionsOf(tx, id);
        this.#ends?.announce(tx, id);
      }
      const { password, ...visible } = change;
      await audit(tx, {
        actor,
        action: 'user.updated',
        entity: before.username,
        detail: { ...visible, ...(password === undefined ? {} : { password: 'changed' }) },
        at: now(),
      });
      return toUser(after);
    });
  }

  /** @throws AppError not_found */
  async setPassword(username: string, password: string, actor: Actor): Promise<User> {
    const row = await findUserByName(this.#engines.database.query, username);
    if (!row) throw noUser(username);
    return this.update(row.id, { password }, actor);
  }

  /** Returns true if there are no users: a new installation. */
  async none(): Promise<boolean> {
    return !(await isAnyUser(this.#engines.database.query));
  }
}

async function keepOneAdministrator(tx: Tx<'gateway'>, without: UserRow): Promise<void> {
  if (await isOtherAdministrator(tx, without.id)) return;
  throw new AppError('conflict', `${without.username} is the last enabled administrator.`, {
    hint: 'Make someone else an administrator first.',
  });
}

function noUser(name: string): AppError {
  return new AppError('not_found', `There is no user ${name}.`, { hint: 'GET /api/v1/auth/users lists them.' });
}
