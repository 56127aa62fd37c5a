import { randomUUID } from 'node:crypto';
import { formatSetDuration } from '#common/format.ts';
import type { SecretStore } from './store.ts';

const service = 'watchfloor';
/** How long to wait for the keychain, ms. A person may have to unlock it, but one that never answers must not block the start. */
const timeoutMs = 15_000;

/** Loaded when used: without the system's library the keychain is missing, but the console still starts. */
async function keychain(): Promise<typeof import('keytar')> {
  const module = await import('keytar');
  return 'default' in module ? (module.default as typeof import('keytar')) : module;
}

export function keychainStore(): SecretStore {
  return {
    kind: 'keychain',
    path: null,
    warning: null,
    get: async (key) => (await keychain()).getPassword(service, key),
    set: async (key, value) => (await keychain()).setPassword(service, key, value),
    delete: async (key) => {
      await (await keychain()).deletePassword(service, key);
    },
  };
}

/** Checks that a store returns a secret that was stored in it. @returns why not, or null if it does */
export async function probe(store: SecretStore): Promise<string | null> {
  const [key, value] = ['probe', randomUUID()];
  const attempt = async (): Promise<string | null> => {
    await store.set(key, value);
    const back = await store.get(key);
    await store.delete(key);
    return back === value ? null : 'it does not give back what was put in';
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it did not answer within ${formatSetDuration(timeoutMs)}`), timeoutMs);
  });
  try {
    return await Promise.race([attempt(), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
