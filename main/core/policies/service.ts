import type { Cached } from '#common/contract/console/cached.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import { type Policies, policyLists } from '#common/contract/policies.ts';
import type { CachedValues } from '../cache/values.ts';
import { changeNow } from '../connections/call.ts';
import type { BackendConnection } from '../connections/connection.ts';
import type { ReceivedEvent } from '../connections/stream.ts';
import type { Context } from '../context.ts';
import { noPolicies, policiesKey } from './paths.ts';

/** Events announce changes. Without one, policies are read again after this time, ms. */
const freshMs = 300_000;

/** What keeps alerts from notifying: cached copies, by which notices are held back, too. */
export class PoliciesService {
  readonly handlers: ConsoleHandlers['policies'];
  readonly #context: Context;
  readonly #cache: CachedValues;

  constructor(context: Context, cache: CachedValues, connectionOf: (id: string) => BackendConnection) {
    this.#context = context;
    this.#cache = cache;
    const change = async <T>(connectionId: string, work: Parameters<typeof changeNow<T>>[1]): Promise<T> => {
      const connection = connectionOf(connectionId);
      const changed = await changeNow(connection, work);
      // The event arrives a moment later; the next alert may come before it.
      await this.refresh(connection);
      return changed;
    };
    this.handlers = {
      list: ({ connectionId }) => this.#list(connectionOf(connectionId)),
      createSilence: ({ connectionId, silence: { startsAt, endsAt, ...silence } }) => {
        // By the backend's clock, so that an hour is an hour even if this computer's clock is wrong.
        const skewMs = connectionOf(connectionId).clockSkewMs ?? 0;
        const start = startsAt === undefined ? {} : { startsAt: startsAt + skewMs };
        const body = { ...silence, ...start, endsAt: endsAt + skewMs };
        return change(connectionId, (client, call) => client.policies.createSilence({ body }, call));
      },
      endSilence: ({ connectionId, id }) => change(connectionId, (client, call) => client.policies.endSilence({ params: { id } }, call)),
    };
  }

  /** Reads the policies again. Called before alerts of the connection are announced; a failure leaves the last copy in force. */
  async refresh(connection: BackendConnection): Promise<void> {
    try {
      const policies = await connection.client.policies.list();
      // Notices are held back in the transaction that stores their alerts, by the copy in the database.
      const asOf = await this.#cache.put(connection, policiesKey, policies, { atOnce: true });
      this.#context.emit('policies', 'changed', { connectionId: connection.id, policies, asOf });
    } catch (error) {
      this.#context.log.warn({ err: error, connection: connection.profile.name }, 'policies could not be read');
    }
  }

  /** Called before the events' alerts are announced, so that a silence holds back the alerts that fire right after it was made. */
  async events(connection: BackendConnection, events: readonly ReceivedEvent[]): Promise<void> {
    if (events.some(({ event }) => event.type === 'policy.changed')) await this.refresh(connection);
  }

  async #list(connection: BackendConnection): Promise<Cached<Policies>> {
    const { value, asOf } = await this.#cache.get(connection, policiesKey, {
      schema: policyLists,
      freshMs,
      ask: (client) => client.policies.list(),
    });
    return { value: value ?? noPolicies, asOf };
  }
}
