import { z } from 'zod';
import type { Client } from '#common/contract/client.ts';
import type { Cached } from '#common/contract/console/cached.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import { AppError } from '#common/contract/errors.ts';
import type { StreamEvent } from '#common/contract/events.ts';
import { type Loader, loader, loaderRun } from '#common/contract/loaders.ts';
import type { CachedValues } from '../cache/values.ts';
import { changeNow } from '../connections/call.ts';
import type { BackendConnection } from '../connections/connection.ts';
import type { Context } from '../context.ts';

/** Lists the loaders. A backend with the previous contract has the list at another path. */
async function listLoaders({ loaders }: Client): Promise<Loader[]> {
  const atFormerAddress = (error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') return loaders.listFormerly();
    throw error;
  };
  return (await loaders.list().catch(atFormerAddress)).items;
}

const keys = { list: 'loaders', runs: (code: string) => `loader-runs/${code}` };
/** Events announce changes to loaders. Without one, they are read again after this time, ms. */
const freshMs = 60_000;
const runsFreshMs = 2_000;

/** Loaders: cached copies, kept up to date by events, and changes, which need the backend. */
export class LoadersService {
  readonly handlers: ConsoleHandlers['loaders'];
  readonly #context: Context;
  readonly #cache: CachedValues;

  constructor(context: Context, cache: CachedValues, connectionOf: (id: string) => BackendConnection) {
    this.#context = context;
    this.#cache = cache;
    const onLoader = (connection: BackendConnection, code: string, name: 'pause' | 'resume'): Promise<Loader> =>
      changeNow(connection, (client, options) => client.loaders[name]({ params: { code } }, options)).then((changed) =>
        this.#keep(connection, changed),
      );
    this.handlers = {
      list: ({ connectionId }) => this.#list(connectionOf(connectionId)),
      runs: async ({ connectionId, code }) => {
        const { value, asOf } = await cache.get(connectionOf(connectionId), keys.runs(code), {
          schema: z.array(loaderRun),
          freshMs: runsFreshMs,
          ask: async (client) => (await client.loaders.runs({ params: { code } })).items,
        });
        return { value: value ?? [], asOf };
      },
      pause: ({ connectionId, code }) => onLoader(connectionOf(connectionId), code, 'pause'),
      resume: ({ connectionId, code }) => onLoader(connectionOf(connectionId), code, 'resume'),
      run: async ({ connectionId, code }) => {
        const connection = connectionOf(connectionId);
        const run = await changeNow(connection, (client, options) => client.loaders.run({ params: { code } }, options));
        cache.invalidate(connection, keys.runs(code));
        return run;
      },
      update: async ({ connectionId, definition }) => {
        const connection = connectionOf(connectionId);
        const call = { params: { code: definition.code }, body: definition };
        const changed = await changeNow(connection, (client, options) => client.loaders.update(call, options), 'ADMIN');
        return this.#keep(connection, changed, { withSql: true });
      },
      preview: ({ connectionId, request }) =>
        changeNow(connectionOf(connectionId), (client, options) => client.loaders.preview({ body: request }, options), 'ADMIN'),
    };
  }

  /** Called after connecting: any loader may have changed, and a window may have asked before there was an answer. */
  async live(connection: BackendConnection): Promise<void> {
    const { value: loaders, asOf } = await this.#list(connection);
    if (asOf !== null) this.#context.emit('loaders', 'changed', { connectionId: connection.id, loaders });
  }

  async event(connection: BackendConnection, event: StreamEvent): Promise<void> {
    switch (event.type) {
      case 'loader.changed':
        await this.#keep(connection, event.data.loader);
        break;
      case 'loader.deleted':
        await this.#edit(connection, (loaders) => loaders.filter(({ code }) => code !== event.data.loaderCode));
        break;
      case 'loader.progress': {
        const { loaderCode, ...progress } = event.data;
        await this.#edit(connection, (loaders) => loaders.map((one) => (one.code === loaderCode ? { ...one, ...progress } : one)));
        break;
      }
    }
  }

  async #list(connection: BackendConnection): Promise<Cached<Loader[]>> {
    const { value, asOf } = await this.#cache.get(connection, keys.list, { schema: z.array(loader), freshMs, ask: listLoaders });
    return { value: value ?? [], asOf };
  }

  /** @param options `withSql` if `changed` contains the SQL as the user may see it; events never do */
  async #keep(connection: BackendConnection, changed: Loader, { withSql = false } = {}): Promise<Loader> {
    await this.#edit(connection, (loaders) => {
      const known = loaders.find(({ code }) => code === changed.code);
      if (known === undefined) return [...loaders, changed].sort((a, b) => (a.code < b.code ? -1 : 1));
      // Events contain no SQL, because it depends on the user's role, so the cached copy keeps its own.
      return loaders.map((one) => (one === known ? { ...changed, sql: withSql ? changed.sql : known.sql } : one));
    });
    return changed;
  }

  /** Changes the cached copy, if there is one; otherwise the list is read when it is needed. */
  async #edit(connection: BackendConnection, change: (loaders: Loader[]) => Loader[]): Promise<void> {
    const before = this.#cache.current<Loader[]>(connection, keys.list);
    if (before === undefined) return;
    const loaders = change(before);
    await this.#cache.put(connection, keys.list, loaders);
    this.#context.emit('loaders', 'changed', { connectionId: connection.id, loaders });
  }
}
