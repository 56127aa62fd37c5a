import { randomUUID } from 'node:crypto';
import keytar from 'keytar';
import type { SecretStore } from './store.ts';

const service = 'watchfloor';
/** A keychain that asks a person to unlock it may take its time; one that never answers must not hold up the start, ms. */
const patienceMs = 15_000;

export function keychainStore(): SecretStore {
  return {
    kind: 'keychain',
    path: null,
    warning: null,
    get: (key) => keytar.getPassword(service, key),
    set: (key, value) => keytar.setPassword(service, key, value),
    delete: async (key) => {
      await keytar.deletePassword(service, key);
    },
  };
}

/** Whether secrets put into a store come back, shown by doing it. @returns why not, or null when they do */
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
    timer = setTimeout(() => resolve(`it did not answer within ${patienceMs / 1_000} s`), patienceMs);
  });
  try {
    return await Promise.race([attempt(), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
