import type { ServiceHealth } from '#common/contract/health.ts';
import type { MakeService } from '../service.ts';
import { storeMails } from './alert-events.ts';
import { newestAttempt } from './attempts.store.ts';
import { MailLogRetention } from './log-retention.ts';
import { notificationRoutes } from './notifications.routes.ts';
import { MailSender } from './sender.ts';
import { findSmtp } from './settings.store.ts';
import { findPasswordProblem } from './settings.ts';

/**
 * Sends e-mails about alerts.
 * @param logDays how long the log of e-mails is kept; 0 keeps everything
 */
export const makeNotifications =
  ({ logDays }: { logDays: number }): MakeService<'notifications'> =>
  (engines, peers) => {
    const { database, bus, vault } = engines;
    const sender = new MailSender(engines, peers);
    const retention = new MailLogRetention(engines, logDays);
    let stopConsuming: (() => Promise<void>) | null = null;
    return {
      name: 'notifications',
      routes: notificationRoutes(engines),
      start: async () => {
        stopConsuming = await bus.consume('notifications', ['alert.triggered', 'alert.resolved'], (event) =>
          storeMails(engines, peers, event),
        );
        sender.start();
        retention.start();
      },
      stop: async () => {
        await stopConsuming?.();
        await sender.stop();
        await retention.stop();
      },
      health: async (): Promise<ServiceHealth> => {
        const newest = await newestAttempt(database.query);
        // A refused recipient says nothing about the mail server.
        const isFailing = newest !== null && newest.outcome !== 'sent' && newest.stage !== 'recipient';
        const problems = [
          findPasswordProblem(await findSmtp(database.query), vault),
          isFailing ? `The last e-mail wasn’t sent: ${newest.text}` : null,
          await database.unreadable.describe('notifications'),
        ].filter((problem) => problem !== null);
        return problems.length === 0
          ? { name: 'notifications', status: 'up' }
          : { name: 'notifications', status: 'degraded', detail: problems.join(' ') };
      },
    };
  };
