import { z } from 'zod';
import { type Command, readFlags, UsageError } from './command.ts';
import { offlineFlags, offlineHelp, withEngines } from './offline.ts';

const flags = offlineFlags.extend({ separate: z.boolean().default(false) });

export const migrate: Command = {
  summary: 'brings the database up to date without starting anything',
  help: `
Usage: node backend-bundle/cli.ts migrate [flags]

Creates the database where there is none and applies the steps it lacks, each in one transaction.
${offlineHelp}
  --separate           PostgreSQL only: give each service a schema of its own, watchfloor_NAME, for good. A role of the same name, where
                       one exists, gets the rights that the service needs, and none on the tables of others`,
  async run(args) {
    const options = readFlags(args, flags);
    const url = options['database-url'] ?? process.env['WATCHFLOOR_DATABASE_URL'];
    if (options.separate && !url) throw new UsageError('--separate needs --database-url: a file has no schemas.');
    const dialect = await withEngines(options, async ({ database }) => database.dialect);
    process.stdout.write(`The ${dialect === 'sqlite' ? 'SQLite' : 'PostgreSQL'} database is up to date.\n`);
    return 0;
  },
};
