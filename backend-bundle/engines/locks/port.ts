/** Leases in the shared database: one holder at a time per name, across processes. */
export interface Locks {
  /**
   * Takes or renews `name` for `ttlMs`. @returns a fencing number that rises with each new holder, or null when another
   * process holds it.
   */
  acquire(name: string, ttlMs: number): Promise<number | null>;
  release(name: string): Promise<void>;
}
