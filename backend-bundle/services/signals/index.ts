import type { HealthNotice, ServiceHealth } from '#common/contract/health.ts';
import { formatNumber } from '#common/format.ts';
import { dayMs, hourMs } from '#common/time/durations.ts';
import type { Engines } from '../../engines/port.ts';
import type { MakeService } from '../service.ts';
import { openStoredEvents } from '../stored-events.ts';
import { ChangeJournal } from './journal.ts';
import { Retention } from './retention.ts';
import { allSignalRoutes } from './signals.routes.ts';
import { forgetBatchesBefore } from './signals.store.ts';

/** How long the id of a batch is kept to recognise repeats, ms. */
const batchesKept = 7 * dayMs;
const expireEvery = hourMs;

/** The signals service: receives signals and metrics, and answers queries. */
export const makeSignals = ({ retentionDays }: { retentionDays: number }): MakeService<'signals'> => {
  return (engines, peers) => {
    const announcer = openStoredEvents(engines.bus);
    const journal = new ChangeJournal(engines.now);
    const retention = new Retention(engines, retentionDays);
    const unlisten = journal.listen(engines.bus);
    let expiry: NodeJS.Timeout | undefined;
    const expire = () => void forgetBatches(engines);
    return {
      name: 'signals',
      routes: allSignalRoutes(engines, { peers, announcer, journal }),
      async start() {
        expire();
        expiry = setInterval(expire, expireEvery).unref();
        retention.start();
      },
      async stop() {
        clearInterval(expiry);
        unlisten();
        announcer.close();
        await retention.stop();
      },
      health: () => storeHealth(engines, retention),
    };
  };
};

/**
 * Damage leaves the rest readable, so it makes the service degraded and is described; people decide what to restore. Points that could not
 * be stored do the same.
 */
async function storeHealth({ signals, database }: Engines<'signals'>, { last }: Retention): Promise<ServiceHealth> {
  const { bytes, damage, restarted, pending, setAside, unstored, ...held } = await signals.health();
  const [first, ...more] = damage;
  const { points: pendingPoints, bytes: pendingBytes } = pending;
  const figures = {
    storedBytes: bytes,
    points: { ...held, damaged: damage.length, setAside, pendingPoints, pendingBytes, unstoredPoints: unstored, retention: last },
  };
  const details: string[] = [];
  const unreadable = await database.unreadable.describe('engines');
  if (unreadable !== null) details.push(unreadable);
  if (unstored > 0)
    details.push(
      `${formatNumber(unstored)} points are not stored, because the disk is full: rules are evaluated on them, and their senders deliver them again.`,
    );
  if (first === undefined) {
    if (details.length > 0) return { name: 'signals', status: 'degraded', ...figures, detail: details.join(' ') };
    if (restarted === null) return { name: 'signals', status: 'up', ...figures };
    const { count, at, reason } = restarted;
    const detail = `The worker that holds the points died and was started again (${count}×), last at ${new Date(at).toISOString()}: ${reason}`;
    return { name: 'signals', status: 'up', ...figures, detail };
  }
  const others = more.length === 0 ? '' : ` ${more.length} more are damaged.`;
  const notices: HealthNotice[] = [{ kind: 'points-damaged', count: damage.length, setAside }];
  details.push(`Damaged: ${first.what}. ${first.reason}${others}`);
  return { name: 'signals', status: 'degraded', ...figures, notices, detail: details.join(' ') };
}

async function forgetBatches({ database, now, log }: Engines<'signals'>): Promise<void> {
  try {
    await forgetBatchesBefore(database.query, now() - batchesKept);
  } catch (error) {
    log.warn({ err: error }, 'old batch ids could not be removed; the next hour tries again');
  }
}
