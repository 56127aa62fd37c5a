import { uuidv7 } from 'uuidv7';
import type { Alert } from '#common/contract/alerts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { MailRecipients } from '#common/contract/notifications.ts';
import type { BusEvent } from '../../engines/bus/port.ts';
import type { Engines } from '../../engines/port.ts';
import { type Peers, serviceCaller } from '../peers.ts';
import { addMessages, type MessageRow, triggeredMessages } from './messages.store.ts';
import { listRecipients } from './recipients.store.ts';
import { findSmtp } from './settings.store.ts';

type AlertTransition = BusEvent<'alert.triggered'> | BusEvent<'alert.resolved'>;

/**
 * Stores the e-mails about an alert that fired or resolved. The same event may come twice: an e-mail is stored once for its alert, kind and
 * address.
 */
export async function storeMails(engines: Engines<'notifications'>, peers: Peers, event: AlertTransition): Promise<void> {
  const { database, now } = engines;
  const { alert } = event.payload;
  if (event.type === 'alert.triggered') {
    const to = await addressesFor(engines, peers, alert);
    if (to.length > 0) await database.transaction((tx) => addMessages(tx, toMessages(event, to, now())));
    return;
  }
  // Read in the same transaction, because an e-mail that the alert fired may fail for good just now.
  await database.transaction(async (tx) => addMessages(tx, toMessages(event, await triggeredMessages(tx, alert.id), now())));
}

function toMessages({ type, payload: { alert, event } }: AlertTransition, to: readonly MailAddressee[], at: number): MessageRow[] {
  return to.map(({ address, language }) => ({
    id: uuidv7(),
    alert_id: alert.id,
    kind: type === 'alert.triggered' ? 'triggered' : 'resolved',
    address,
    language,
    body: JSON.stringify({ alert, event }),
    state: 'waiting',
    attempts: 0,
    next_try_at: at,
    created_at: at,
  }));
}

async function addressesFor({ database }: Engines<'notifications'>, peers: Peers, alert: Alert): Promise<MailAddressee[]> {
  const addressees = toAddressees(await listRecipients(database.query, database.unreadable), alert);
  if (addressees.length === 0 || (await findSmtp(database.query)) === null) return [];
  return (await mayNotify(peers, alert)) ? addressees : [];
}

interface MailAddressee {
  address: string;
  language: string;
}

/** Returns the addresses that get e-mails about an alert, each once. */
export function toAddressees(recipients: readonly MailRecipients[], alert: Pick<Alert, 'severity' | 'ruleCode'>): MailAddressee[] {
  const found = new Map<string, MailAddressee>();
  for (const { addresses, severities, ruleCodes, language } of recipients) {
    if (!severities.includes(alert.severity) || (ruleCodes.length > 0 && !ruleCodes.includes(alert.ruleCode))) continue;
    for (const address of addresses) {
      const key = address.toLowerCase();
      if (!found.has(key)) found.set(key, { address, language });
    }
  }
  return [...found.values()];
}

/** Asks whether silences, maintenance windows and people let an alert notify. If nobody answers, it does: a mail too many is better than none. */
async function mayNotify(peers: Peers, { id }: Alert): Promise<boolean> {
  try {
    return (await peers.as(serviceCaller('notifications')).policies.path({ params: { id } })).notifies;
  } catch (error) {
    // It has resolved or was deleted before anybody could be notified.
    if (error instanceof AppError && (error.code === 'already_resolved' || error.code === 'not_found')) return false;
    if (error instanceof AppError && (error.code === 'unavailable' || error.code === 'timeout')) return true;
    throw error;
  }
}
