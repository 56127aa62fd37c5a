import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { dayMs } from '#common/time/durations.ts';
import { Background } from '../background.ts';
import { startAll } from '../compose.ts';
import { prepareFolder, readEnvironment } from '../config.ts';
import { runProducer } from '../conveyor/producer.ts';
import { checkDiskSpace } from '../engines/disk.ts';
import { lockFolder } from '../engines/locks/folder.ts';
import type { Engines } from '../engines/port.ts';
import { openEngines } from '../engines.ts';
import { prepareAccess } from '../first-run.ts';
import { ownAgentKey } from '../services/gateway/index.ts';
import { shipConveyor } from '../services/loaders/index.ts';
import { type Command, readFlags } from './command.ts';
import { makeLog, printLine, runUntilStopped } from './process.ts';
import { databaseUrl, defaultDataFolder, environmentHelp, port } from './shared.ts';

const flags = z.object({
  data: z.string().min(1).default(defaultDataFolder()),
  host: z.string().min(1).default('127.0.0.1'),
  port: port.default(4680),
  'database-url': databaseUrl.optional(),
  conveyor: z.boolean().default(true),
  agent: z.boolean().default(false),
  'accept-new-control-data': z.boolean().default(false),
  json: z.boolean().default(false),
});

/** How often the reserved disk space is checked, ms. */
const reserveEveryMs = 5 * 60_000;

async function keepReserve({ database, log }: Engines, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await database.keepReserve().catch((error: unknown) => log.warn({ err: error }, 'no disk space could be kept in reserve'));
    await sleep(reserveEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

export const embedded: Command = {
  summary: 'the whole backend in one process, nothing to install',
  help: `
Usage: node backend-bundle/cli.ts embedded [flags]

Runs every service in one process. Data is kept in one folder; one backend at a time uses it.

  --data DIR           data folder (${defaultDataFolder()})
  --host ADDRESS       where to listen (127.0.0.1: this computer alone)
  --port N             port; 0 takes a free one (4680)
  --database-url URL   postgres://user:password@host:port/name in place of the SQLite file
  --no-conveyor        do not run the reference workload's producer in this process
  --accept-new-control-data
                       begin with new users, rules and dashboards where watchfloor.db is lost and the points are not
  --agent              measure this computer from within this process
  --json               print one line {"event":"ready","backend":"http://…","pid":…} when it answers; log in JSON
${environmentHelp}`,
  async run(args) {
    const options = readFlags(args, flags);
    const environment = readEnvironment(process.env);
    const log = await makeLog({ json: options.json, level: environment.WATCHFLOOR_LOG_LEVEL });
    const data = resolve(options.data);
    const conveyorFile = join(data, 'conveyor.db');
    return runUntilStopped(log, async () => {
      const stops: (() => Promise<void> | void)[] = [];
      const stop = async () => {
        for (const undo of stops.splice(0).toReversed()) await undo();
      };
      try {
        prepareFolder(data);
        await checkDiskSpace(data);
        const lock = lockFolder(data);
        stops.push(() => lock.release());
        const { engines, close } = await openEngines({
          data,
          databaseUrl: options['database-url'] ?? environment.WATCHFLOOR_DATABASE_URL,
          masterKey: environment.WATCHFLOOR_MASTER_KEY,
          log,
          acceptNewControlData: options['accept-new-control-data'],
        });
        stops.push(close);
        await prepareAccess(engines, environment, data);
        await shipConveyor(engines, conveyorFile);
        const background = new Background(log);
        stops.push(() => background.stop());
        background.add('reserve of disk space', (signal) => keepReserve(engines, signal));
        const historyMs = environment.WATCHFLOOR_CONVEYOR_HISTORY_DAYS * dayMs;
        if (options.conveyor) background.add('conveyor producer', (signal) => runProducer({ file: conveyorFile, signal, log, historyMs }));
        const backend = await startAll({ engines, environment, host: options.host, port: options.port, conveyorFile });
        stops.push(() => backend.stop());
        if (options.agent) {
          const { runMetricsAgent } = await import('../agents/metrics.ts');
          const apiKey = environment.WATCHFLOOR_AGENT_KEY ?? (await ownAgentKey(engines));
          background.add('metrics agent', (signal) =>
            runMetricsAgent({ backend: backend.url, apiKey, dataDir: data, intervalMs: 5_000, signal, log }),
          );
        }
        if (options.json) await printLine({ event: 'ready', backend: backend.url, pid: process.pid });
        log.info({ data }, `Watchfloor answers at ${backend.url}; its API is described at ${backend.url}/docs`);
        return { stop };
      } catch (error) {
        await stop();
        throw error;
      }
    });
  },
};
