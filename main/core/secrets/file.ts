import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { problemError } from '#common/words/problems.ts';
import type { SecretStore } from './store.ts';

const contents = z.record(z.string(), z.string());

/**
 * Stores secrets in a file that only its owner can read, for computers without a keychain. The file is always replaced as a whole, so it is
 * never half written.
 */
export function fileStore(path: string, warning: SecretStore['warning'] = null): SecretStore {
  // One change at a time: each reads the file, changes it and replaces it.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const change = (edit: (secrets: Record<string, string>) => void): Promise<void> =>
    inTurn(async () => {
      const secrets = await read(path);
      edit(secrets);
      await write(path, secrets);
    });
  return {
    kind: 'file',
    path,
    warning,
    get: (key) => inTurn(async () => (await read(path))[key] ?? null),
    set: (key, value) =>
      change((secrets) => {
        secrets[key] = value;
      }),
    delete: (key) =>
      change((secrets) => {
        delete secrets[key];
      }),
  };
}

async function read(path: string): Promise<Record<string, string>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    // Its permissions may have been changed since, so they are restricted again.
    await chmod(path, 0o600);
    return contents.parse(JSON.parse(text));
  } catch (cause) {
    throw problemError('secrets_unreadable', { path }, { cause });
  }
}

async function write(path: string, secrets: Record<string, string>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const next = `${path}.new`;
  const file = await open(next, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(JSON.stringify(secrets, null, 2));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
}
