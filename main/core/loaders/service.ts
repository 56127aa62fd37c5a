import { z } from 'zod';
import type { Client } from '#common/contract/client.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import { AppError } from '#common/contract/errors.ts';
import type { StreamEvent } from '#common/contract/events.ts';
import { type Loader, loader, loaderRun } from '#common/contract/loaders.ts';
import { changeNow } from '../connections/call.ts';
import type { Link } from '../connections/link.ts';
import type { Context } from '../context.ts';
import type { SeenValues } from '../seen/values.ts';

/** A backend of the contract before has the list at another address. */
async function listLoaders({ loaders }: Client): Promise<Loader[]> {
  const atFormerAddress = (error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') return loaders.listFormerly();
    throw error;
  };
  return (await loaders.list().catch(atFormerAddress)).items;
}

const keys = { list: 'loaders', runs: (code: string) => `loader-runs/${code}` };
/** Events keep loaders up to date; this is for what no event tells, ms. */
const freshMs = 60_000;
const runsFreshMs = 2_000;

/** Loaders: the last copies seen, kept up to date by events, and the changes that only the backend can make. */
export class Loaders {
  readonly handlers: ConsoleHandlers['loaders'];
  readonly #context: Context;
  readonly #seen: SeenValues;

  constructor(context: Context, seen: SeenValues, linkOf: (id: string) => Link) {
    this.#context = context;
    this.#seen = seen;
    const onLoader = (link: Link, code: string, name: 'pause' | 'resume'): Promise<Loader> =>
      changeNow(link, (client, options) => client.loaders[name]({ params: { code } }, options)).then((changed) =>
        this.#keep(link, changed),
      );
    this.handlers = {
      list: async ({ connectionId }) => {
        const { value, asOf } = await seen.get(linkOf(connectionId), keys.list, {
          schema: z.array(loader),
          freshMs,
          ask: listLoaders,
        });
        return { value: value ?? [], asOf };
      },
      runs: async ({ connectionId, code }) => {
        const { value, asOf } = await seen.get(linkOf(connectionId), keys.runs(code), {
          schema: z.array(loaderRun),
          freshMs: runsFreshMs,
          ask: async (client) => (await client.loaders.runs({ params: { code } })).items,
        });
        return { value: value ?? [], asOf };
      },
      pause: ({ connectionId, code }) => onLoader(linkOf(connectionId), code, 'pause'),
      resume: ({ connectionId, code }) => onLoader(linkOf(connectionId), code, 'resume'),
      run: async ({ connectionId, code }) => {
        const link = linkOf(connectionId);
        const run = await changeNow(link, (client, options) => client.loaders.run({ params: { code } }, options));
        seen.outdate(link, keys.runs(code));
        return run;
      },
      update: async ({ connectionId, definition }) => {
        const link = linkOf(connectionId);
        const call = { params: { code: definition.code }, body: definition };
        const changed = await changeNow(link, (client, options) => client.loaders.update(call, options), 'ADMIN');
        return this.#keep(link, changed, { withSql: true });
      },
      preview: ({ connectionId, request }) =>
        changeNow(linkOf(connectionId), (client, options) => client.loaders.preview({ body: request }, options), 'ADMIN'),
    };
  }

  async event(link: Link, event: StreamEvent): Promise<void> {
    switch (event.type) {
      case 'loader.changed':
        await this.#keep(link, event.data.loader);
        break;
      case 'loader.deleted':
        await this.#edit(link, (loaders) => loaders.filter(({ code }) => code !== event.data.loaderCode));
        break;
      case 'loader.progress': {
        const { loaderCode, ...progress } = event.data;
        await this.#edit(link, (loaders) => loaders.map((one) => (one.code === loaderCode ? { ...one, ...progress } : one)));
        break;
      }
    }
  }

  /** @param options `withSql` when `changed` shows the SQL to who is signed in; events never do */
  async #keep(link: Link, changed: Loader, { withSql = false } = {}): Promise<Loader> {
    await this.#edit(link, (loaders) => {
      const known = loaders.find(({ code }) => code === changed.code);
      if (known === undefined) return [...loaders, changed].sort((a, b) => (a.code < b.code ? -1 : 1));
      // SQL is shown by role: an event carries none, so the copy that was read keeps its own.
      return loaders.map((one) => (one === known ? { ...changed, sql: withSql ? changed.sql : known.sql } : one));
    });
    return changed;
  }

  /** Changes the copy at hand. Without one the list will be asked for when somebody wants it. */
  async #edit(link: Link, change: (loaders: Loader[]) => Loader[]): Promise<void> {
    const before = this.#seen.current<Loader[]>(link, keys.list);
    if (before === undefined) return;
    const loaders = change(before);
    await this.#seen.put(link, keys.list, loaders);
    this.#context.emit('loaders', 'changed', { connectionId: link.id, loaders });
  }
}
