import { homedir } from 'node:os';
import { join } from 'node:path';

/** The data folder of the console and the backend, unless another one is given. */
export function defaultDataDir(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'watchfloor');
}
