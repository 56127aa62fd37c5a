import { afterAll, beforeAll, describe } from 'vitest';
import { type StartOptions, startBackend, type TestBackend } from './backend.ts';
import { type PostgresServer, startPostgres, withoutPostgres } from './postgres.ts';

/** Runs one suite against a real backend whose points are in chunks, and against one that keeps everything in PostgreSQL. */
export function onEachDeployment(title: string, suite: (backend: () => TestBackend) => void, options: StartOptions = {}): void {
  const deployed = (start: () => Promise<TestBackend>, end: () => Promise<void>) => {
    let running: TestBackend | undefined;
    beforeAll(async () => {
      running = await start();
    });
    suite(() => {
      if (running === undefined) throw new Error('the backend was not started');
      return running;
    });
    afterAll(async () => {
      await running?.stop();
      await end();
    });
  };
  const env = { WATCHFLOOR_REQUESTS_PER_MINUTE: '100000', ...options.env };
  describe(`${title}, points in chunks`, () =>
    deployed(
      () => startBackend({ ...options, env }),
      async () => {},
    ));
  const missing = withoutPostgres();
  describe.skipIf(missing !== null)(`${title}, on PostgreSQL${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
    let server: PostgresServer | undefined;
    const start = async () => {
      server = await startPostgres();
      const args = ['--no-conveyor', '--database-url', await server.database('deployed'), ...(options.args ?? [])];
      return startBackend({ ...options, env, args });
    };
    deployed(start, async () => server?.close());
  });
}
