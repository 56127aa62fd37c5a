import { resolve } from 'node:path';
import { z } from 'zod';
import { numberInText } from '#common/contract/primitives.ts';
import { hourMs } from '#common/time/durations.ts';
import { runMetricsAgent } from '../agents/metrics.ts';
import { Background } from '../background.ts';
import { prepareFolder, readEnvironment } from '../config.ts';
import { type Command, readFlags, UsageError } from './command.ts';
import { makeLog, printLine, runUntilStopped } from './process.ts';
import { defaultDataFolder } from './shared.ts';

const flags = z.object({
  backend: z.url({ protocol: /^https?$/, error: 'Give an address that starts with http:// or https://.' }),
  data: z.string().min(1).default(defaultDataFolder()),
  interval: numberInText(z.number('Give a number of milliseconds.').int().min(1_000).max(hourMs)).default(5_000),
  json: z.boolean().default(false),
});

export const agent: Command = {
  summary: 'measures this computer and ships it to a backend',
  help: `
Usage: node backend-bundle/cli.ts agent --backend URL [flags]

Measures CPU, memory, disks, network and load. What cannot be delivered waits on disk.

  --backend URL   address of the backend
  --data DIR      folder of the buffer (${defaultDataFolder()})
  --interval MS   time between measurements, ms (5000)
  --json          print one line {"event":"ready","pid":…} when it runs; log in JSON

Environment:
  WATCHFLOOR_AGENT_KEY   API key, as the backend knows it (needed)`,
  async run(args) {
    const options = readFlags(args, flags);
    const environment = readEnvironment(process.env);
    const apiKey = environment.WATCHFLOOR_AGENT_KEY;
    if (apiKey === undefined) throw new UsageError('WATCHFLOOR_AGENT_KEY is missing: an administrator creates keys for agents.');
    const log = await makeLog({ json: options.json, level: environment.WATCHFLOOR_LOG_LEVEL });
    const dataDir = resolve(options.data);
    return runUntilStopped(log, async () => {
      prepareFolder(dataDir);
      const background = new Background(log);
      const backend = options.backend.replace(/\/$/, '');
      background.add('metrics agent', (signal) => runMetricsAgent({ backend, apiKey, dataDir, intervalMs: options.interval, signal, log }));
      if (options.json) await printLine({ event: 'ready', pid: process.pid });
      return background;
    });
  },
};
