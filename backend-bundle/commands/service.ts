import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type ServiceName, serviceNames, startOne } from '../compose.ts';
import { prepareFolder, readEnvironment } from '../config.ts';
import type { Owner } from '../engines/database/tables.ts';
import { openEngines } from '../engines.ts';
import { prepareAccess } from '../first-run.ts';
import { type Command, readFlags, UsageError } from './command.ts';
import { makeLog, printLine, runUntilStopped } from './process.ts';
import { databaseUrl, environmentHelp, port } from './shared.ts';

const flags = z.object({
  name: z.enum(serviceNames, `Choose one of ${serviceNames.join(', ')}.`),
  data: z.string().min(1).optional(),
  host: z.string().min(1).default('127.0.0.1'),
  port: port.default(0),
  'database-url': databaseUrl.optional(),
  json: z.boolean().default(false),
});

/** The owner whose tables each service uses. The conveyor has no tables of its own. */
const ownerOf = {
  gateway: 'gateway',
  signals: 'signals',
  charts: 'charts',
  dashboards: 'dashboards',
  alerting: 'alerting',
  loaders: 'loaders',
  notifications: 'notifications',
  conveyor: 'engines',
} as const satisfies Record<ServiceName, Owner>;

export const service: Command = {
  summary: 'one service in a process of its own',
  help: `
Usage: node backend-bundle/cli.ts service NAME --database-url URL [flags]

NAME is one of ${serviceNames.join(', ')}. The services share one PostgreSQL database and one master key, and call one another at
the addresses in WATCHFLOOR_SERVICE_URLS. Consoles talk to the gateway, which hands requests on. After “migrate --separate” each service
may sign in to the database with a role of its own that sees no other service's tables.

  --port N             port; 0 takes a free one (0)
  --host ADDRESS       where to listen (127.0.0.1)
  --database-url URL   postgres://user:password@host:port/name
  --data DIR           folder of master.key, when WATCHFLOOR_MASTER_KEY is not set, and of conveyor.db
  --json               print one line {"event":"ready",…} when it answers; log in JSON
${environmentHelp}
  WATCHFLOOR_SERVICE_URLS         {"alerting":"http://10.0.0.5:4681",…}; a service that is not named is asked through the gateway`,
  async run(args) {
    const options = readFlags(args, flags, ['name']);
    const environment = readEnvironment(process.env);
    const url = options['database-url'] ?? environment.WATCHFLOOR_DATABASE_URL;
    if (url === undefined)
      throw new UsageError('--database-url is missing: services in processes of their own share a PostgreSQL database.');
    if (options.data === undefined && environment.WATCHFLOOR_MASTER_KEY === undefined) {
      throw new UsageError('Give --data DIR or set WATCHFLOOR_MASTER_KEY: all services must seal with the same key.');
    }
    const log = (await makeLog({ json: options.json, level: environment.WATCHFLOOR_LOG_LEVEL })).child({ service: options.name });
    const data = options.data === undefined ? undefined : resolve(options.data);
    return runUntilStopped(log, async () => {
      if (data !== undefined) prepareFolder(data);
      const { engines, close } = await openEngines({
        data,
        databaseUrl: url,
        masterKey: environment.WATCHFLOOR_MASTER_KEY,
        log,
        service: ownerOf[options.name],
      });
      try {
        if (options.name === 'gateway') await prepareAccess(engines, environment, data);
        const conveyorFile = join(data ?? '.', 'conveyor.db');
        const running = await startOne(options.name, { engines, environment, host: options.host, port: options.port, conveyorFile });
        if (options.json) await printLine({ event: 'ready', backend: running.url, pid: process.pid });
        log.info(`the ${options.name} service answers at ${running.url}`);
        const stop = async () => {
          await running.stop();
          await close();
        };
        return { stop };
      } catch (error) {
        await close();
        throw error;
      }
    });
  },
};
