import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where console and backend keep their data when no folder is named. */
export function defaultDataDir(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'watchfloor');
}
