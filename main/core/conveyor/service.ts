import type { Cached } from '#common/contract/console/cached.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import { type ConveyorStatus, conveyorStatus } from '#common/contract/conveyor.ts';
import type { StreamEvent } from '#common/contract/events.ts';
import type { CachedValues } from '../cache/values.ts';
import { changeNow } from '../connections/call.ts';
import type { BackendConnection } from '../connections/connection.ts';
import type { Context } from '../context.ts';

const key = 'conveyor';
/** Events announce changes to belts. Without one, they are read again after this time, ms. */
const freshMs = 60_000;

/** The reference plant's conveyor: a cached copy, kept up to date by events, and changes, which need the backend. */
export class ConveyorService {
  readonly handlers: ConsoleHandlers['conveyor'];
  readonly #context: Context;
  readonly #cache: CachedValues;

  constructor(context: Context, cache: CachedValues, connectionOf: (id: string) => BackendConnection) {
    this.#context = context;
    this.#cache = cache;
    const keepStatus = async (connection: BackendConnection, status: ConveyorStatus): Promise<ConveyorStatus> => {
      await this.#keep(connection, status);
      return status;
    };
    this.handlers = {
      status: ({ connectionId }) => this.#status(connectionOf(connectionId)),
      inject: async ({ connectionId, belt, kind }) => {
        const connection = connectionOf(connectionId);
        const call = { params: { belt }, body: { kind } };
        return keepStatus(connection, await changeNow(connection, (client, options) => client.conveyor.inject(call, options)));
      },
      clear: async ({ connectionId, belt }) => {
        const connection = connectionOf(connectionId);
        return keepStatus(
          connection,
          await changeNow(connection, (client, options) => client.conveyor.clear({ params: { belt } }, options)),
        );
      },
      producer: async ({ connectionId, running }) => {
        const connection = connectionOf(connectionId);
        return keepStatus(
          connection,
          await changeNow(connection, (client, options) => client.conveyor.producer({ body: { running } }, options)),
        );
      },
    };
  }

  /** Called after connecting: the conveyor may have changed, and a window may have asked before there was an answer. */
  async live(connection: BackendConnection): Promise<void> {
    const { value: status } = await this.#status(connection);
    if (status !== null) this.#context.emit('conveyor', 'changed', { connectionId: connection.id, status });
  }

  async event(connection: BackendConnection, event: StreamEvent): Promise<void> {
    if (event.type === 'conveyor.changed') await this.#keep(connection, event.data);
  }

  #status(connection: BackendConnection): Promise<Cached<ConveyorStatus | null>> {
    return this.#cache.get(connection, key, { schema: conveyorStatus, freshMs, ask: (client) => client.conveyor.status() });
  }

  async #keep(connection: BackendConnection, status: ConveyorStatus): Promise<void> {
    await this.#cache.put(connection, key, status);
    this.#context.emit('conveyor', 'changed', { connectionId: connection.id, status });
  }
}
