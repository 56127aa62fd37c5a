import type { z } from 'zod';
import type { Alert, alertChange } from '#common/contract/alerts.ts';
import type { CallOptions, Client } from '#common/contract/client.ts';
import type { AlertChange } from './change.ts';

/** A change in the format of the backend, which refuses the additional fields of a stored change. */
export interface WireChange {
  /** The change as an item of a request with many. */
  item: z.input<typeof alertChange>;
  /** Sends the change in its own request. */
  send(client: Client, options: CallOptions): Promise<Alert>;
}

export function toWire(change: AlertChange): WireChange {
  const { alertId: id, at } = change;
  const params = { id };
  switch (change.kind) {
    case 'acknowledge': {
      const body = { note: change.note, expiresAt: change.expiresAt, at };
      return {
        item: { kind: change.kind, id, ...body },
        send: (client, options) => client.alerts.acknowledge({ params, body }, options),
      };
    }
    case 'snooze': {
      const body = { until: change.until, reason: change.reason, at };
      return { item: { kind: change.kind, id, ...body }, send: (client, options) => client.alerts.snooze({ params, body }, options) };
    }
    case 'unacknowledge':
    case 'unsnooze': {
      const { kind } = change;
      return { item: { kind, id, at }, send: (client, options) => client.alerts[kind]({ params, body: { at } }, options) };
    }
  }
}
