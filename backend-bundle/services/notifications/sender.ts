import { uuidv7 } from 'uuidv7';
import type { Alert } from '#common/contract/alerts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { MailAttempt } from '#common/contract/notifications.ts';
import { secondMs } from '#common/time/durations.ts';
import { Lease } from '../../engines/locks/port.ts';
import type { Engines } from '../../engines/port.ts';
import type { Peers } from '../peers.ts';
import { Repeated } from '../repeated.ts';
import { findAlertChart, type MailChart } from './alert-chart.ts';
import { addAttempt } from './attempts.store.ts';
import { composeAlertMail, type Mail } from './compose.ts';
import { beginAttempt, contentOf, dueMessages, finishMessage, type MessageRow } from './messages.store.ts';
import { maxAttempts, nextTryAt } from './retries.ts';
import { findSmtp } from './settings.store.ts';
import { type MailServer, toServer } from './settings.ts';
import { type Delivery, deliver, messageIdFor } from './smtp.ts';

/** Pause between two checks for e-mails whose time has come, ms. */
const pauseMs = secondMs;
/** Maximum number of e-mails sent at the same time: mail servers limit the connections of one client. */
const maxParallel = 5;
const leaseMs = 60 * secondMs;

/** Sends stored e-mails, in one process at a time. Times of further tries are stored, so they survive a restart. */
export class MailSender {
  readonly #engines: Engines<'notifications'>;
  readonly #peers: Peers;
  readonly #random: () => number;
  readonly #lease: Lease;
  readonly #runs: Repeated;

  /** @param random a number from 0 to below 1, for the wait before another try */
  constructor(engines: Engines<'notifications'>, peers: Peers, random: () => number = Math.random) {
    this.#engines = engines;
    this.#peers = peers;
    this.#random = random;
    this.#lease = new Lease(engines.locks, 'notifications.mail', { ttlMs: leaseMs, renews: true, log: engines.log });
    this.#runs = new Repeated({
      work: () => this.sendDue(),
      pauseMs,
      log: engines.log,
      failure: 'e-mails could not be sent; they wait',
    });
  }

  start(): void {
    this.#runs.start();
  }

  /** Resolves when the e-mails that are being sent are done. */
  stop(): Promise<void> {
    return this.#runs.stop();
  }

  /** Sends the e-mails whose time has come, unless another process does. */
  async sendDue(): Promise<void> {
    const { database, now, vault } = this.#engines;
    const next = () => dueMessages(database.query, now(), maxParallel);
    if ((await next()).length === 0) return;
    if ((await this.#lease.hold()) === 'elsewhere') return;
    try {
      for (let due = await next(); due.length > 0 && !this.#runs.isStopping; due = await next()) {
        const record = await findSmtp(database.query);
        if (record === null) return;
        await Promise.all(due.map((message) => this.#send(message, () => toServer(record, vault), record.fields.alertUrl)));
        if ((await this.#lease.hold()) === 'elsewhere') return;
      }
    } finally {
      await this.#lease.release();
    }
  }

  async #send(message: MessageRow, openServer: () => MailServer, alertUrl: string | null): Promise<void> {
    const { database, now } = this.#engines;
    const retryAt = nextTryAt(now(), message.attempts + 1, this.#random);
    // Counted beforehand, so that a process that dies while it sends can't send the same e-mail for ever.
    if (!(await beginAttempt(database.query, message, retryAt ?? now()))) return;
    const { mail, delivery } = message.attempts >= maxAttempts ? interrupted : await this.#deliver(message, openServer, alertUrl);
    const willRetry = delivery.isTemporary && retryAt !== null;
    const outcome = delivery.stage === null ? 'sent' : willRetry ? 'retry' : 'failed';
    const attempt = toAttempt(delivery, { at: now(), outcome, nextTryAt: willRetry ? retryAt : null });
    await database.transaction(async (tx) => {
      if (outcome !== 'retry') await finishMessage(tx, message, outcome);
      const { kind, alert_id: alertId, address } = message;
      await addAttempt(tx, {
        ...attempt,
        kind,
        alertId,
        address,
        subject: mail.subject,
        attempt: Math.min(message.attempts + 1, maxAttempts),
      });
    });
  }

  /** An e-mail without its chart is better than none. */
  async #findChart(alert: Alert): Promise<MailChart | null> {
    try {
      return await findAlertChart(this.#peers, alert);
    } catch (error) {
      this.#engines.log.info({ err: error, alert: alert.id }, 'an e-mail has no chart');
      return null;
    }
  }

  async #deliver(
    message: MessageRow,
    openServer: () => MailServer,
    alertUrl: string | null,
  ): Promise<{ mail: Pick<Mail, 'subject'>; delivery: Delivery }> {
    let mail: Mail | null = null;
    try {
      const language = message.language === 'ar' ? 'ar' : 'en';
      const content = contentOf(message);
      const chart = await this.#findChart(content.alert);
      mail = composeAlertMail({ ...content, kind: message.kind, language, alertUrl, chart });
      const server = openServer();
      return { mail, delivery: await deliver(server, message.address, messageIdFor(server, message.id), mail) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // The stored alert can't be read, which no wait repairs, or the password can't, until somebody enters it again.
      const delivery: Delivery = {
        stage: mail === null ? 'message' : 'authentication',
        code: null,
        text: error.message,
        isTemporary: mail !== null,
        durationMs: 0,
      };
      return { mail: mail ?? { subject: '' }, delivery };
    }
  }
}

/** The process stopped during the last try, so nobody knows its result. */
const interrupted: { mail: Pick<Mail, 'subject'>; delivery: Delivery } = {
  mail: { subject: '' },
  delivery: { stage: 'connection', code: null, text: 'The backend stopped during the last try.', isTemporary: false, durationMs: 0 },
};

/** Returns the log entry of a try, without what it was about. */
export function toAttempt(
  { stage, code, text, durationMs }: Omit<Delivery, 'isTemporary'>,
  times: Pick<MailAttempt, 'at' | 'outcome' | 'nextTryAt'>,
): Pick<MailAttempt, 'id' | 'at' | 'outcome' | 'nextTryAt' | 'stage' | 'code' | 'text' | 'durationMs'> {
  return { id: uuidv7(), ...times, stage, code, text, durationMs };
}
