import type { z } from 'zod';
import type { Client } from '#common/contract/client.ts';
import { RetryLaterError, UnreachableError } from '#common/contract/client.ts';
import type { Seen } from '#common/contract/console/seen.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Link } from '../connections/link.ts';
import type { Context } from '../context.ts';

/** Values that change all the time are written to disk this often, ms; in between they live in memory. */
const writeEveryMs = 10_000;

interface Entry {
  value: unknown;
  asOf: number;
  /** The stretch of live contact it was read in; in another one it has to be asked for again. */
  liveSince: number | null;
  writtenAt: number;
}

/** Last copies of what the backends told, readable whatever happens to them. */
export class SeenValues {
  readonly #context: Context;
  readonly #entries = new Map<string, Entry>();
  readonly #asking = new Map<string, Promise<unknown>>();

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * A value, asked for when the copy is older than `freshMs` or from before the last loss of contact. Without contact, the copy; null
   * when there never was one.
   * @throws AppError when the backend refuses
   */
  async get<S extends z.ZodType>(
    link: Link,
    key: string,
    { schema, freshMs, ask }: { schema: S; freshMs: number; ask: (client: Client) => Promise<z.output<S>> },
  ): Promise<Seen<z.output<S> | null>> {
    const id = `${link.id}/${key}`;
    const entry = this.#entries.get(id);
    if (link.isLive) {
      const fresh = entry !== undefined && entry.liveSince === link.status().since && this.#context.now() - entry.asOf < freshMs;
      if (fresh) return { value: entry.value as z.output<S>, asOf: entry.asOf };
      try {
        const value = (await this.#ask(id, () => ask(link.client))) as z.output<S>;
        const asOf = await this.put(link, key, value);
        return { value, asOf };
      } catch (error) {
        if (isRefusal(error)) throw error;
      }
    }
    if (entry !== undefined) return { value: entry.value as z.output<S>, asOf: entry.asOf };
    return this.#recall(link, key, schema);
  }

  /** The copy at hand in memory, changed by an event; undefined when nothing is at hand. */
  current<T>(link: Link, key: string): T | undefined {
    return this.#entries.get(`${link.id}/${key}`)?.value as T | undefined;
  }

  /** Keeps what the backend just told. @returns when that was, ms */
  async put(link: Link, key: string, value: unknown): Promise<number> {
    const id = `${link.id}/${key}`;
    const asOf = this.#context.now();
    const before = this.#entries.get(id);
    const write = before === undefined || asOf - before.writtenAt >= writeEveryMs;
    const liveSince = link.isLive ? link.status().since : null;
    this.#entries.set(id, { value, asOf, liveSince, writtenAt: write ? asOf : before.writtenAt });
    if (write) await this.#context.database.write.remember([{ connectionId: link.id, key, body: JSON.stringify(value), asOf }]);
    return asOf;
  }

  /** The next question goes to the backend. */
  outdate(link: Link, key: string): void {
    const entry = this.#entries.get(`${link.id}/${key}`);
    if (entry !== undefined) entry.liveSince = null;
  }

  /** Writes what lives in memory only. */
  async flush(): Promise<void> {
    const items = [...this.#entries].flatMap(([id, { value, asOf, writtenAt }]) => {
      if (writtenAt >= asOf) return [];
      const slash = id.indexOf('/');
      return [{ connectionId: id.slice(0, slash), key: id.slice(slash + 1), body: JSON.stringify(value), asOf }];
    });
    if (items.length > 0) await this.#context.database.write.remember(items);
  }

  /** Equal questions that come together become one. */
  #ask(id: string, ask: () => Promise<unknown>): Promise<unknown> {
    const running = this.#asking.get(id);
    if (running !== undefined) return running;
    const asking = ask().finally(() => this.#asking.delete(id));
    this.#asking.set(id, asking);
    return asking;
  }

  async #recall<S extends z.ZodType>(link: Link, key: string, schema: S): Promise<Seen<z.output<S> | null>> {
    const row = await this.#context.database.read.recall({ connectionId: link.id, key });
    if (row === null) return { value: null, asOf: null };
    // A copy that an older console kept in another shape is no copy.
    const value = schema.safeParse(JSON.parse(row.body));
    return value.success ? { value: value.data, asOf: row.asOf } : { value: null, asOf: null };
  }
}

/** The backend was asked and said no; anything else leaves the last copy as the best answer. */
function isRefusal(error: unknown): boolean {
  if (error instanceof UnreachableError || error instanceof RetryLaterError) return false;
  return error instanceof AppError && error.status < 500 && error.status !== 401;
}
