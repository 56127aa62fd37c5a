import { type HealthNotice, type HealthReport, health, type ServiceHealth } from '#common/contract/health.ts';
import { contractVersion, oldestContract, productVersion } from '#common/contract/version.ts';
import { formatSetDuration } from '#common/format.ts';
import { dayMs } from '#common/time/durations.ts';
import type { Database } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import { type Route, routes } from '../service.ts';

/** A service that does not report its health within this time counts as down, ms. */
const timeoutMs = 2_000;
/** How long the health report mentions that control data was recreated, ms. */
const recreatedNoticeMs = 7 * dayMs;

/** The inputs of the health report, the same in every process. */
type HealthEngines = Pick<Engines, 'now'> & { database: Pick<Database, 'notes' | 'disk'> };

export interface Checked {
  name: string;
  health(): ServiceHealth | Promise<ServiceHealth>;
}

/** Health endpoints for any set of services: all in one process, or a single one. */
export function healthRoutes(engines: HealthEngines, services: () => readonly Checked[]): Route[] {
  const { database, now } = engines;
  return routes(health, {
    live: () => ({ status: 'up' as const }),
    actuator: async () => ({ status: (await databaseHealth(engines)).status === 'down' ? ('DOWN' as const) : ('UP' as const) }),
    report: async (): Promise<HealthReport> => {
      const reports = await Promise.all([databaseHealth(engines), ...services().map(check)]);
      const reachable = reports[0]?.status === 'up';
      return {
        status: overall(reports),
        version: productVersion,
        contract: { current: contractVersion, oldest: oldestContract },
        instanceId: reachable ? await database.notes.instanceId() : 'unknown',
        time: now(),
        services: reports,
        notices: reports.flatMap((report) => report.notices ?? []),
        rulesEvaluatedAt: reports.find((report) => report.rulesEvaluatedAt !== undefined)?.rulesEvaluatedAt ?? null,
      };
    },
  });
}

/** Returns the overall status: degraded if a service is down, down if the database is. */
function overall(reports: readonly ServiceHealth[]): HealthReport['status'] {
  if (reports[0]?.status === 'down') return 'down';
  return reports.every((report) => report.status === 'up') ? 'up' : 'degraded';
}

async function check(service: Checked): Promise<ServiceHealth> {
  const late = Promise.withResolvers<ServiceHealth>();
  const timer = setTimeout(
    () => late.resolve({ name: service.name, status: 'down', detail: `It did not answer within ${formatSetDuration(timeoutMs)}.` }),
    timeoutMs,
  );
  try {
    return await Promise.race([service.health(), late.promise]);
  } catch (error) {
    return { name: service.name, status: 'down', detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

const databaseHealth = ({ database, now }: HealthEngines) =>
  check({
    name: 'database',
    async health() {
      const recreatedAt = await database.notes.recreatedAt();
      const disk = await database.disk();
      const details: string[] = [];
      const notices: HealthNotice[] = [];
      if (disk?.isFull) {
        const free = `${(disk.freeBytes / 1e6).toFixed(1)} MB`;
        notices.push({ kind: 'disk-full', path: disk.path, freeBytes: disk.freeBytes });
        details.push(
          `The disk that holds ${disk.path} is full, with ${free} free. New points are refused until there is room; rules are evaluated on the newest of them.`,
        );
      }
      if (recreatedAt !== null && now() - recreatedAt < recreatedNoticeMs) {
        notices.push({ kind: 'control-data-anew', at: recreatedAt });
        const at = new Date(recreatedAt).toISOString();
        details.push(`Control data was recreated at ${at}: earlier users, rules, alerts and dashboards are lost. The points were kept.`);
      }
      return details.length === 0
        ? { name: 'database', status: 'up' }
        : { name: 'database', status: 'degraded', detail: details.join(' '), notices };
    },
  });
