import type { ServiceHealth } from '#common/contract/health.ts';
import type { Engines } from '../../engines/port.ts';
import { allLoaders } from './loaders.store.ts';
import { describeUnreadable, findUnreadable } from './unreadable.ts';

/** Returns the service's health: degraded while a loader fails, or a secret or run can't be read, naming it. */
export async function loadersHealth(engines: Engines<'loaders'>): Promise<ServiceHealth> {
  const all = await allLoaders(engines.database.query);
  const failing = all.filter((row) => row.paused === 0 && row.consecutive_failures > 0);
  const details = [
    describeUnreadable(await findUnreadable(engines)),
    await engines.database.unreadable.describe('loaders'),
    failing.length === 0 ? null : `Failing: ${failing.map(({ code }) => code).join(', ')}.`,
  ].filter((detail) => detail !== null);
  return details.length === 0 ? { name: 'loaders', status: 'up' } : { name: 'loaders', status: 'degraded', detail: details.join(' ') };
}
