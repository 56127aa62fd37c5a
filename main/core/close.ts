import type { Logger } from 'pino';

/**
 * Runs the steps of closing, one after the other. A step that fails is logged and does not keep the later ones from running: whatever
 * goes wrong, the database is closed and the caller has nothing to catch.
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
