import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#common/contract/errors.ts';
import type { Environment } from './config.ts';
import type { Engines } from './engines/port.ts';
import { makeApiKeys, Users } from './services/gateway/index.ts';

/**
 * Makes a new installation usable: creates an administrator, and the agent key from the environment. Does nothing if there are users.
 * @param data folder for the generated password; undefined if there is none
 */
export async function prepareAccess(engines: Engines, environment: Environment, data: string | undefined): Promise<void> {
  if (environment.WATCHFLOOR_AGENT_KEY !== undefined) {
    await makeApiKeys(engines).register('agent (from the environment)', environment.WATCHFLOOR_AGENT_KEY);
  }
  const users = new Users(engines);
  if (!(await users.none())) return;
  const given = environment.WATCHFLOOR_ADMIN_PASSWORD;
  if (given === undefined && data === undefined) {
    throw new AppError('validation_failed', 'There is no administrator yet, and no password for the first one.', {
      hint: 'Set WATCHFLOOR_ADMIN_PASSWORD, or give --data DIR so that a generated one can be written there.',
    });
  }
  const password = given ?? randomBytes(15).toString('base64url');
  if (given === undefined && data !== undefined) writePassword(join(data, 'admin-password'), password, engines);
  await users.create({ username: 'admin', password, role: 'ADMIN', displayName: 'Administrator' }, 'first start');
}

/** Writes the password before the account exists: a crash in between leaves a file that the next start replaces, not a lost password. */
function writePassword(file: string, password: string, { log }: Engines): void {
  rmSync(file, { force: true });
  writeFileSync(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
  log.warn(
    `The password of the first administrator, admin, was generated and written to ${file}. Sign in, change it, and delete the file.`,
  );
}
