import type { z } from 'zod';
import type { Client } from '#common/contract/client.ts';
import { RetryLaterError, UnreachableError } from '#common/contract/client.ts';
import type { Cached } from '#common/contract/console/cached.ts';
import { AppError } from '#common/contract/errors.ts';
import type { BackendConnection } from '../connections/connection.ts';
import type { Context } from '../context.ts';

/** Minimum time between two writes of one value to disk, ms; in between it is kept in memory. */
const writeEveryMs = 10_000;

interface Entry {
  value: unknown;
  asOf: number;
  /** Start of the live period it was read in; in a later one it is requested again. */
  liveSince: number | null;
  writtenAt: number;
}

/** Cached copies of the backends' answers, which are readable while offline. */
export class CachedValues {
  readonly #context: Context;
  readonly #entries = new Map<string, Entry>();
  readonly #asking = new Map<string, Promise<unknown>>();

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Returns a value, requesting it if the copy is older than `freshMs` or from before the last reconnect. While offline, returns the copy;
   * null when there is none.
   * @throws AppError when the backend refuses
   */
  async get<S extends z.ZodType>(
    connection: BackendConnection,
    key: string,
    { schema, freshMs, ask }: { schema: S; freshMs: number; ask: (client: Client) => Promise<z.output<S>> },
  ): Promise<Cached<z.output<S> | null>> {
    const id = `${connection.id}/${key}`;
    const entry = this.#entries.get(id);
    if (connection.isLive) {
      const fresh = entry !== undefined && entry.liveSince === connection.status().since && this.#context.now() - entry.asOf < freshMs;
      if (fresh) return { value: entry.value as z.output<S>, asOf: entry.asOf };
      try {
        const value = (await this.#ask(id, () => ask(connection.client))) as z.output<S>;
        const asOf = await this.put(connection, key, value);
        return { value, asOf };
      } catch (error) {
        if (isRefusal(error)) throw error;
      }
    }
    if (entry !== undefined) return { value: entry.value as z.output<S>, asOf: entry.asOf };
    return this.#findCached(connection, key, schema);
  }

  /** Returns the copy in memory; undefined when there is none. */
  current<T>(connection: BackendConnection, key: string): T | undefined {
    return this.#entries.get(`${connection.id}/${key}`)?.value as T | undefined;
  }

  /**
   * Stores what the backend just sent.
   * @param options `atOnce` if the database needs it, not only the next start
   * @returns when that was, ms
   */
  async put(connection: BackendConnection, key: string, value: unknown, { atOnce = false } = {}): Promise<number> {
    const id = `${connection.id}/${key}`;
    const asOf = this.#context.now();
    const before = this.#entries.get(id);
    const write = atOnce || before === undefined || asOf - before.writtenAt >= writeEveryMs;
    const liveSince = connection.isLive ? connection.status().since : null;
    this.#entries.set(id, { value, asOf, liveSince, writtenAt: write ? asOf : (before?.writtenAt ?? 0) });
    if (write) await this.#context.database.write.storeCached([{ connectionId: connection.id, key, body: JSON.stringify(value), asOf }]);
    return asOf;
  }

  /** Marks the copy as outdated, so that the next `get` requests the value. */
  invalidate(connection: BackendConnection, key: string): void {
    const entry = this.#entries.get(`${connection.id}/${key}`);
    if (entry !== undefined) entry.liveSince = null;
  }

  /** Writes what is in memory only. */
  async flush(): Promise<void> {
    const items = [...this.#entries].flatMap(([id, { value, asOf, writtenAt }]) => {
      if (writtenAt >= asOf) return [];
      const slash = id.indexOf('/');
      return [{ connectionId: id.slice(0, slash), key: id.slice(slash + 1), body: JSON.stringify(value), asOf }];
    });
    if (items.length > 0) await this.#context.database.write.storeCached(items);
  }

  /** Merges equal requests that are made at the same time. */
  #ask(id: string, ask: () => Promise<unknown>): Promise<unknown> {
    const running = this.#asking.get(id);
    if (running !== undefined) return running;
    const asking = ask().finally(() => this.#asking.delete(id));
    this.#asking.set(id, asking);
    return asking;
  }

  async #findCached<S extends z.ZodType>(connection: BackendConnection, key: string, schema: S): Promise<Cached<z.output<S> | null>> {
    const row = await this.#context.database.read.findCached({ connectionId: connection.id, key });
    if (row === null) return { value: null, asOf: null };
    // A copy that an older console stored in another shape is ignored.
    const value = schema.safeParse(JSON.parse(row.body));
    return value.success ? { value: value.data, asOf: row.asOf } : { value: null, asOf: null };
  }
}

/** Returns true if the backend refused the request. After any other failure the last copy is the best answer. */
function isRefusal(error: unknown): boolean {
  if (error instanceof UnreachableError || error instanceof RetryLaterError) return false;
  return error instanceof AppError && error.status < 500 && error.status !== 401;
}
