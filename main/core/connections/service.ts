import { uuidv7 } from 'uuidv7';
import type { Connection, ConnectionInput } from '#common/contract/console/connections.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import { problemError } from '#common/words/problems.ts';
import { Coalesced } from '../coalesce.ts';
import type { Context } from '../context.ts';
import type { ConnectionHooks } from './connection.ts';
import { BackendConnection } from './connection.ts';
import { testConnection } from './probe.ts';
import { passwordKey } from './session.ts';
import type { Profile } from './store.ts';
import { checkAuthority } from './transport.ts';

/** How often unchanged statuses are sent, ms. The screen counts ages itself, and a new state is sent at once. */
const sendEveryMs = 1_000;
const checkClockEveryMs = 1_000;
const noteExchangeEveryMs = 30_000;

/** The known backends and their connections. */
export class ConnectionsService {
  readonly handlers: ConsoleHandlers['connections'];
  readonly #context: Context;
  readonly #hooks: Omit<ConnectionHooks, 'changed'>;
  readonly #silenceMs: number | undefined;
  readonly #connections = new Map<string, BackendConnection>();
  readonly #saved = new Map<string, string>();
  readonly #send: Coalesced;
  readonly #clock: NodeJS.Timeout;
  #lastStates = '';
  #lastNoted = 0;

  constructor(context: Context, hooks: Omit<ConnectionHooks, 'changed'>, silenceMs?: number) {
    this.#context = context;
    this.#hooks = hooks;
    this.#silenceMs = silenceMs;
    const onError = (error: unknown): void => context.log.error({ err: error }, 'connections cannot be sent');
    this.#send = new Coalesced(() => context.emit('connections', 'changed', this.list()), sendEveryMs, onError);
    // `live` ends without an event when the backend is silent, so the state must be checked regularly.
    this.#clock = setInterval(() => this.#changed(), checkClockEveryMs).unref();
    this.handlers = {
      list: () => this.list(),
      add: (input) => this.#add(input),
      update: (input) => this.#update(input),
      remove: ({ id }) => this.#remove(id),
      signIn: ({ id, username, password }) => this.#signIn(id, username, password),
      signOut: ({ id }) => this.#signOut(id),
      retry: ({ id }) => this.connection(id).retry(),
      test: ({ url, ca, username, password }, signal) => {
        if (ca !== undefined) checkAuthority(ca);
        return testConnection({ url: originOf(url), ca: ca ?? null, username: username ?? null, password: password ?? null, signal });
      },
    };
  }

  async open(): Promise<void> {
    for (const profile of await this.#context.database.read.profiles()) this.#open(profile);
  }

  list(): Connection[] {
    return [...this.#connections.values()].map((connection) => connection.describe());
  }

  find(id: string): BackendConnection | undefined {
    return this.#connections.get(id);
  }

  /** @throws AppError `not_found` */
  connection(id: string): BackendConnection {
    const connection = this.#connections.get(id);
    if (connection === undefined) throw problemError('connection_removed', {}, { field: 'connectionId' });
    return connection;
  }

  /** Makes sure that a connection to this backend exists and is signed in with the given credentials. */
  async ensure(backend: { url: string; username: string; password?: string | undefined; embedded: boolean; name: string }): Promise<void> {
    const url = originOf(backend.url);
    const known = [...this.#connections.values()].find(({ profile }) => (backend.embedded ? profile.embedded : profile.url === url));
    const before = known?.profile ?? { ...blank(this.#context.now()), name: backend.name, embedded: backend.embedded };
    // A user who signed in by hand is not replaced.
    const username = before.username ?? backend.username;
    if (backend.password !== undefined && username === backend.username) {
      await this.#context.secrets.set(passwordKey(before.id), backend.password);
    }
    await this.#replace({ ...before, url, username });
  }

  /** Stops all connections. */
  async close(): Promise<void> {
    clearInterval(this.#clock);
    this.#send.close();
    await this.#noteExchanges();
    await Promise.all([...this.#connections.values()].map((connection) => connection.close()));
  }

  #open(profile: Profile): BackendConnection {
    const { secrets, log, now } = this.#context;
    const connection = new BackendConnection({
      profile,
      secrets,
      log,
      now,
      hooks: { ...this.#hooks, changed: () => this.#changed() },
      ...(this.#silenceMs === undefined ? {} : { silenceMs: this.#silenceMs }),
    });
    this.#connections.set(profile.id, connection);
    this.#saved.set(profile.id, savedPart(profile));
    this.#changed();
    return connection;
  }

  /** Replaces a connection whose profile changed: a connection never changes its address. */
  async #replace(profile: Profile): Promise<BackendConnection> {
    await this.#context.database.write.saveProfile(profile);
    await this.#connections.get(profile.id)?.close();
    return this.#open(profile);
  }

  async #add(input: ConnectionInput): Promise<Connection> {
    const profile = { ...blank(this.#context.now()), ...this.#checked(input, null) };
    return (await this.#replace(profile)).describe();
  }

  async #update({ id, ...input }: ConnectionInput & { id: string }): Promise<Connection> {
    const { profile } = this.connection(id);
    const { ca, ...rest } = this.#checked(input, id);
    // The certificate is never sent to the window, so a form without one keeps the stored one.
    return (await this.#replace({ ...profile, ...rest, ca: ca ?? profile.ca })).describe();
  }

  #checked({ name, url, ca }: ConnectionInput, id: string | null): Pick<Profile, 'name' | 'url' | 'ca'> {
    if (ca !== undefined) checkAuthority(ca);
    const origin = originOf(url);
    const other = [...this.#connections.values()].find(({ profile }) => profile.id !== id && profile.url === origin);
    if (other !== undefined) {
      throw problemError('address_taken', { connection: other.profile.name }, { field: 'url' });
    }
    return { name, url: origin, ca: ca ?? null };
  }

  async #remove(id: string): Promise<void> {
    const { database, secrets, touched } = this.#context;
    const connection = this.connection(id);
    const waiting = (await database.read.waiting()).filter(({ connectionId }) => connectionId === id).length;
    if (waiting > 0) throw problemError('changes_waiting', { connection: connection.profile.name, count: waiting });
    const drafts = await database.read.drafts({ connectionId: id });
    if (drafts.length > 0) {
      const dashboards = drafts.map(({ title }) => title).join(', ');
      throw problemError('drafts_unsaved', { connection: connection.profile.name, dashboards });
    }
    await connection.close();
    this.#connections.delete(id);
    await secrets.delete(passwordKey(id));
    await database.write.removeProfile({ id });
    touched('alerts', 'outbox', 'notices');
    this.#changed();
  }

  async #signIn(id: string, username: string, password: string): Promise<Connection> {
    const connection = this.connection(id);
    await connection.signIn(username, password);
    return connection.describe();
  }

  async #signOut(id: string): Promise<Connection> {
    const connection = this.connection(id);
    await connection.signOut();
    return connection.describe();
  }

  #changed(): void {
    const states = [...this.#connections.values()].map((connection) => `${connection.id} ${connection.status().state}`).join();
    if (states === this.#lastStates) {
      this.#send.ask();
    } else {
      this.#lastStates = states;
      this.#send.now();
    }
    for (const { profile } of this.#connections.values()) {
      const part = savedPart(profile);
      if (this.#saved.get(profile.id) === part) continue;
      this.#saved.set(profile.id, part);
      this.#quietly(this.#context.database.write.saveProfile(profile));
    }
    if (this.#context.now() - this.#lastNoted >= noteExchangeEveryMs) this.#quietly(this.#noteExchanges());
  }

  /** Stores when each backend last answered, so that ages are right after a restart. */
  async #noteExchanges(): Promise<void> {
    this.#lastNoted = this.#context.now();
    for (const { id, lastExchangeAt } of this.#connections.values()) {
      if (lastExchangeAt !== null) await this.#context.database.write.noteExchange({ id, at: lastExchangeAt });
    }
  }

  #quietly(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#context.log.warn({ err: error }, 'a connection could not be saved'));
  }
}

function blank(now: number): Profile {
  const unknown = { ca: null, username: null, role: null, instanceId: null, backendVersion: null, lastEventId: null, lastExchangeAt: null };
  return { id: uuidv7(), name: '', url: '', embedded: false, createdAt: now, ...unknown };
}

function savedPart({ name, url, username, role, backendVersion }: Profile): string {
  return JSON.stringify([name, url, username, role, backendVersion]);
}

/** Returns the base URL of calls: without a trailing slash, query or fragment. */
function originOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, '');
}
