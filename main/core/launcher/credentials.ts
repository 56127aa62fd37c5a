import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SecretStore } from '../secrets/store.ts';

/** The credentials with which the console runs its own backend and signs in to it. */
export interface BackendCredentials {
  username: 'admin';
  password: string;
  agentKey: string;
}

/**
 * The launched backend's administrator password and agent key: from the environment, otherwise as stored since the first run, otherwise
 * newly generated. A backend that ran in this folder before without a console has stored its password in `admin-password`.
 */
export async function backendCredentials(
  secrets: SecretStore,
  dataDir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<BackendCredentials> {
  // All data folders of this account share one keychain.
  const folder = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16);
  const keep = async (name: string, given: string | undefined, make: () => Promise<string> | string) => {
    const key = `backend:${folder}:${name}`;
    const known = await secrets.get(key);
    const value = given || known || (await make());
    if (value !== known) await secrets.set(key, value);
    return value;
  };
  return {
    username: 'admin',
    password: await keep(
      'admin-password',
      env['WATCHFLOOR_ADMIN_PASSWORD'],
      async () => (await leftBehind(dataDir)) ?? randomBytes(18).toString('base64url'),
    ),
    agentKey: await keep('agent-key', env['WATCHFLOOR_AGENT_KEY'], () => `wfk_${randomBytes(24).toString('base64url')}`),
  };
}

async function leftBehind(dataDir: string): Promise<string | null> {
  try {
    return (await readFile(join(dataDir, 'admin-password'), 'utf8')).trim() || null;
  } catch {
    return null;
  }
}
