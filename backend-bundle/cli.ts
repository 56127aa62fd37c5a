#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import type { Command } from './commands/command.ts';
import { describeError, UsageError } from './commands/command.ts';
import { endWithParent } from './parent.ts';

// Caches compiled code between starts, which saves a third of the work before the first request is answered.
enableCompileCache();

// Each command is loaded only when it runs, so that the agent doesn't load the backend.
const commands: Record<string, () => Promise<Command>> = {
  embedded: async () => (await import('./commands/embedded.ts')).embedded,
  service: async () => (await import('./commands/service.ts')).service,
  agent: async () => (await import('./commands/agent.ts')).agent,
  conveyor: async () => (await import('./commands/conveyor.ts')).conveyor,
  rules: async () => (await import('./commands/rules.ts')).rules,
  'set-password': async () => (await import('./commands/set-password.ts')).setPassword,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
};

async function usage(): Promise<string> {
  const lines = await Promise.all(Object.entries(commands).map(async ([name, load]) => `  ${name.padEnd(14)}${(await load()).summary}`));
  return `Usage: node backend-bundle/cli.ts COMMAND [flags]\n\nCommands:\n${lines.join('\n')}\n\nEach answers --help.\n`;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(await usage());
    return name === undefined ? 2 : 0;
  }
  const load = commands[name];
  if (!load) {
    process.stderr.write(`There is no command “${name}”.\n\n${await usage()}`);
    return 2;
  }
  const command = await load();
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${command.help.trim()}\n`);
    return 0;
  }
  // The title replaces the arguments in the list of processes, which other users of the computer can read.
  if (args.some((arg) => arg.startsWith('--database-url'))) process.title = `watchfloor ${name}`;
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\nSee: node backend-bundle/cli.ts ${name} --help\n`);
      return 2;
    }
    process.stderr.write(`watchfloor ${name}: ${describeError(error)}\n`);
    return 1;
  }
}

endWithParent();
// Exits at once: a timer that a library left behind must not keep a stopped backend alive.
process.exit(await main(process.argv.slice(2)));
