import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { dayMs } from '#common/time/durations.ts';
import { Background } from '../background.ts';
import { prepareFolder, readEnvironment } from '../config.ts';
import { runProducer } from '../conveyor/producer.ts';
import { type Command, readFlags } from './command.ts';
import { makeLog, printLine, runUntilStopped } from './process.ts';

const flags = z.object({ file: z.string().min(1), json: z.boolean().default(false) });

export const conveyor: Command = {
  summary: 'the reference workload: belts that write their readings to a database',
  help: `
Usage: node backend-bundle/cli.ts conveyor --file FILE [--json]

Simulates three conveyor belts and writes their readings to a SQLite database, from which loaders read them. A new file starts
with 30 days of history, or WATCHFLOOR_CONVEYOR_HISTORY_DAYS.

  --file FILE   the database file
  --json        print one line {"event":"ready","pid":…} when it runs; log in JSON`,
  async run(args) {
    const options = readFlags(args, flags);
    const environment = readEnvironment(process.env);
    const log = await makeLog({ json: options.json, level: environment.WATCHFLOOR_LOG_LEVEL });
    const historyMs = environment.WATCHFLOOR_CONVEYOR_HISTORY_DAYS * dayMs;
    const file = resolve(options.file);
    return runUntilStopped(log, async () => {
      prepareFolder(dirname(file));
      const background = new Background(log);
      background.add('conveyor producer', (signal) => runProducer({ file, signal, log, historyMs }));
      if (options.json) await printLine({ event: 'ready', pid: process.pid });
      return background;
    });
  },
};
