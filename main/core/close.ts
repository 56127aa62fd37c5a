import type { Logger } from 'pino';

/**
 * Runs the steps of closing, one after the other. A failed step is logged and the later ones still run, so the database is always closed
 * and the caller has nothing to catch.
 */
export async function closeInOrder(steps: readonly [name: string, close: () => void | Promise<void>][], log: Logger): Promise<void> {
  for (const [name, close] of steps) {
    try {
      await close();
    } catch (error) {
      log.error({ err: error, step: name }, 'a step of closing the console failed');
    }
  }
}
