import { afterAll, beforeAll, describe } from 'vitest';
import { type StartOptions, startBackend, type TestBackend } from './backend.ts';
import { sharedDatabase, withoutPostgres } from './postgres.ts';

/** Runs one suite against a real backend whose points are in chunks, and against one that keeps everything in PostgreSQL. */
export function onEachDeployment(title: string, suite: (backend: () => TestBackend) => void, options: StartOptions = {}): void {
  const deployed = (start: () => Promise<TestBackend>) => {
    let running: TestBackend | undefined;
    beforeAll(async () => {
      running = await start();
    });
    suite(() => {
      if (running === undefined) throw new Error('the backend was not started');
      return running;
    });
    afterAll(() => running?.stop());
  };
  const env = { WATCHFLOOR_REQUESTS_PER_MINUTE: '100000', ...options.env };
  describe(`${title}, points in chunks`, () => deployed(() => startBackend({ ...options, env })));
  const missing = withoutPostgres();
  describe.skipIf(missing !== null)(`${title}, on PostgreSQL${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
    deployed(async () => {
      const args = ['--no-conveyor', '--database-url', await sharedDatabase(), ...(options.args ?? [])];
      return startBackend({ ...options, env, args });
    });
  });
}
