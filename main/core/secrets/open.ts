import { join } from 'node:path';
import type { Logger } from 'pino';
import { problem } from '#common/words/problems.ts';
import { fileStore } from './file.ts';
import { keychainStore, probe } from './keychain.ts';
import type { SecretStore } from './store.ts';

/** Opens the system's keychain if it works; otherwise a file next to the database, with a warning. */
export async function openSecretStore({
  dataDir,
  log,
  keychain = keychainStore(),
}: {
  dataDir: string;
  log: Logger;
  keychain?: SecretStore;
}): Promise<SecretStore> {
  const why = await probe(keychain);
  if (why === null) return keychain;
  const path = join(dataDir, 'secrets.json');
  log.warn({ reason: why, path }, 'no keychain; passwords are kept in a file');
  return fileStore(path, problem('no_keychain', { cause: why, path }));
}
