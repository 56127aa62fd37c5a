import type { ProblemBody } from '#common/words/problems.ts';

/** Keeps passwords and tokens of connections. Values are UTF-8 text; keys name the connection and the secret. */
export interface SecretStore {
  readonly kind: 'keychain' | 'file';
  /** Path of the file; null for a keychain. */
  readonly path: string | null;
  /** A warning about this store for the user; null when there is none. */
  readonly warning: ProblemBody | null;
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  /** Deleting a missing secret is not an error. */
  delete(key: string): Promise<void>;
}
