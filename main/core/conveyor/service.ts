import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import { type ConveyorStatus, conveyorStatus } from '#common/contract/conveyor.ts';
import type { StreamEvent } from '#common/contract/events.ts';
import { changeNow } from '../connections/call.ts';
import type { Link } from '../connections/link.ts';
import type { Context } from '../context.ts';
import type { SeenValues } from '../seen/values.ts';

const key = 'conveyor';
/** Events keep belts up to date; this is for what no event tells, ms. */
const freshMs = 60_000;

/** The reference plant's conveyor: its last copy seen, kept up to date by events, and the changes that only the backend can make. */
export class Conveyor {
  readonly handlers: ConsoleHandlers['conveyor'];
  readonly #context: Context;
  readonly #seen: SeenValues;

  constructor(context: Context, seen: SeenValues, linkOf: (id: string) => Link) {
    this.#context = context;
    this.#seen = seen;
    const keepStatus = async (link: Link, status: ConveyorStatus): Promise<ConveyorStatus> => {
      await this.#keep(link, status);
      return status;
    };
    this.handlers = {
      status: ({ connectionId }) =>
        seen.get(linkOf(connectionId), key, { schema: conveyorStatus, freshMs, ask: (client) => client.conveyor.status() }),
      inject: async ({ connectionId, belt, kind }) => {
        const link = linkOf(connectionId);
        const call = { params: { belt }, body: { kind } };
        return keepStatus(link, await changeNow(link, (client, options) => client.conveyor.inject(call, options)));
      },
      clear: async ({ connectionId, belt }) => {
        const link = linkOf(connectionId);
        return keepStatus(link, await changeNow(link, (client, options) => client.conveyor.clear({ params: { belt } }, options)));
      },
      producer: async ({ connectionId, running }) => {
        const link = linkOf(connectionId);
        return keepStatus(link, await changeNow(link, (client, options) => client.conveyor.producer({ body: { running } }, options)));
      },
    };
  }

  async event(link: Link, event: StreamEvent): Promise<void> {
    if (event.type === 'conveyor.changed') await this.#keep(link, event.data);
  }

  async #keep(link: Link, status: ConveyorStatus): Promise<void> {
    await this.#seen.put(link, key, status);
    this.#context.emit('conveyor', 'changed', { connectionId: link.id, status });
  }
}
