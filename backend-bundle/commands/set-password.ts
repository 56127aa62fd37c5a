import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import { password, username } from '#common/contract/auth.ts';
import { AppError } from '#common/contract/errors.ts';
import { Users } from '../services/gateway/index.ts';
import { type Command, readFlags } from './command.ts';
import { offlineFlags, offlineHelp, withEngines } from './offline.ts';

export const setPassword: Command = {
  summary: 'sets a user’s password, for when nobody can sign in',
  help: `
Usage: node backend-bundle/cli.ts set-password USER [flags]

Reads the new password from the terminal, or one line from standard input, and ends the user's sessions. Stop the backend first.
${offlineHelp}`,
  async run(args) {
    const options = readFlags(args, offlineFlags.extend({ user: username }), ['user']);
    const chosen = password.safeParse(await readPassword(`New password of ${options.user}: `));
    if (!chosen.success) throw new AppError('validation_failed', chosen.error.issues[0]?.message ?? 'The password is not acceptable.');
    await withEngines(options, (engines) => new Users(engines).setPassword(options.user, chosen.data, 'command line'));
    process.stdout.write(`The password of ${options.user} is set.\n`);
    return 0;
  },
};

/** Prompts for a password without echoing it. Reads the first line of standard input when that is not a terminal. */
async function readPassword(question: string): Promise<string> {
  const isInteractive = process.stdin.isTTY;
  if (isInteractive) process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isInteractive });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (isInteractive) process.stderr.write('\n');
  }
}
