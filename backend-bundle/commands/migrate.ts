import { type Command, readFlags } from './command.ts';
import { offlineFlags, offlineHelp, withEngines } from './offline.ts';

export const migrate: Command = {
  summary: 'brings the database up to date without starting anything',
  help: `
Usage: node backend-bundle/cli.ts migrate [flags]

Creates the database where there is none and applies the steps it lacks, each in one transaction.
${offlineHelp}`,
  async run(args) {
    const options = readFlags(args, offlineFlags);
    const dialect = await withEngines(options, async ({ database }) => database.dialect);
    process.stdout.write(`The ${dialect === 'sqlite' ? 'SQLite' : 'PostgreSQL'} database is up to date.\n`);
    return 0;
  },
};
