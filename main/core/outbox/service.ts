import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import type { OutboxItem } from '#common/contract/console/outbox.ts';
import type { Context } from '../context.ts';
import type { Deliverer } from './deliverer.ts';
import type { Waiting } from './store.ts';

function toItem(item: Waiting, sending: boolean): OutboxItem {
  const { id, connectionId, entity, title, change, createdAt, attempts, conflict, nextTryAt, problem } = item;
  const { kind, alertName = null } = change;
  const state = conflict ? 'conflict' : sending ? 'sending' : 'waiting';
  return { id, connectionId, entity, title, kind, alertName, createdAt, attempts, state, nextTryAt, problem };
}

export async function listOutbox({ database }: Context, deliverer: Deliverer): Promise<OutboxItem[]> {
  return (await database.read.waiting()).map((item) => toItem(item, deliverer.isSending(item.id)));
}

/** Handlers that list pending changes and let a person retry or discard them. */
export function outboxHandlers(context: Context, deliverer: Deliverer): ConsoleHandlers['outbox'] {
  const { database, touched } = context;
  const kickAll = async (): Promise<void> => {
    const connectionIds = new Set((await database.read.waiting()).map(({ connectionId }) => connectionId));
    for (const id of connectionIds) await deliverer.kick(id);
  };
  return {
    list: () => listOutbox(context, deliverer),
    retry: async ({ id }) => {
      await database.write.release({ id });
      touched('alerts', 'outbox');
      await kickAll();
    },
    discard: async ({ id }) => {
      await database.write.discard({ id });
      touched('alerts', 'outbox');
      // The changes after it can be sent now.
      await kickAll();
    },
  };
}
