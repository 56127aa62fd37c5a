import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Client, createClient } from '#common/contract/client.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { isExploring } from '../support/chance.ts';
import { sharedDatabase, withoutPostgres } from '../support/postgres.ts';

type Step = number | 'committed';
/** Every step of the transaction, or its first and the one after its commit. */
type Steps = 'every step' | 'first and last';

interface Case {
  /** The table by which its transaction is known. */
  table: string;
  /** Sends the request: the same one for the same key. */
  send(client: Client, idempotencyKey: string): Promise<unknown>;
  /** How often it has taken effect, for all keys together. */
  count(client: Client): Promise<number>;
}

const panels = [{ id: 'p', kind: 'text', title: 'Text', markdown: 'text', place: { x: 0, y: 0, w: 4, h: 4 } }] as const;

const newApiKey: Case = {
  table: 'api_keys',
  send: (client, idempotencyKey) => client.auth.createApiKey({ body: { name: 'crash' } }, { idempotencyKey }),
  count: async (client) => (await client.auth.listApiKeys()).items.filter(({ name }) => name === 'crash').length,
};
const newDashboard: Case = {
  table: 'dashboard_versions',
  send: (client, key) => client.dashboards.create({ body: { code: key, title: 'crash', panels: [...panels] } }, { idempotencyKey: key }),
  count: async (client) => (await client.dashboards.list({ query: {} })).items.filter(({ title }) => title === 'crash').length,
};

/**
 * Kills the backend at one step of the request's transaction after the other, and repeats the request after each.
 * @returns the number of kills
 */
async function killAtSteps(steps: Steps, args: readonly string[], { table, send, count }: Case): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-idempotency-crash-'));
  const start = (step: Step) =>
    startBackend({
      dataDir,
      args: ['--no-conveyor', ...args],
      env: {
        NODE_OPTIONS: `--import=${new URL('../support/kill-at.ts', import.meta.url).href}`,
        WATCHFLOOR_TEST_KILL: JSON.stringify({ table, step }),
      },
    });
  let backend: TestBackend | undefined;
  try {
    backend = await start(1);
    const { session } = await backend.login('ADMIN');
    const clientOf = ({ url }: TestBackend) => createClient({ baseUrl: url, token: () => session.accessToken });
    for (let step = 1 as Step, done = 0; ; done++) {
      const key = `crash-${done}`;
      await arm(backend);
      const answered = await send(clientOf(backend), key).then(
        () => true,
        () => false,
      );
      // It died, unless its transaction has no such step.
      if (answered) expect(step).toBeGreaterThan(2);
      await backend.kill();
      const next: Step = answered || step === 'committed' || steps === 'first and last' ? 'committed' : step + 1;
      backend = await start(next);
      const client = clientOf(backend);
      const first = await send(client, key);
      expect(await count(client), `effects after a kill at step ${step}`).toBe(done + 1);
      expect(await send(client, key), `the answer after a kill at step ${step}`).toEqual(first);
      expect(await count(client)).toBe(done + 1);
      if (step === 'committed') return done + 1;
      step = next;
    }
  } finally {
    await backend?.kill();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function arm(backend: TestBackend): Promise<void> {
  process.kill(backend.pid, 'SIGUSR2');
  await expect.poll(() => backend.log()).toContain('armed');
}

/**
 * Requests and databases share the code that records a reply, so `npm test` kills one request at every step on SQLite, and the other in
 * and after its transaction on PostgreSQL. `npm run explore` kills each at every step on each.
 */
describe('a request repeated after a crash takes effect once and gets a reply', () => {
  const atEveryStep = async (args: readonly string[], one: Case) =>
    expect(await killAtSteps('every step', args, one)).toBeGreaterThanOrEqual(4);
  test('a new API key, at every step, on SQLite', () => atEveryStep([], newApiKey));
  test.skipIf(withoutPostgres() !== null)('a new dashboard, at the first step and after the last, on PostgreSQL', async () => {
    expect(await killAtSteps('first and last', ['--database-url', await sharedDatabase()], newDashboard)).toBe(2);
  });
  describe.runIf(isExploring)('everywhere else', () => {
    test('a new dashboard, at every step, on SQLite', () => atEveryStep([], newDashboard));
    test.each([newApiKey, newDashboard])('$table, at every step, on PostgreSQL', async (one) =>
      atEveryStep(['--database-url', await sharedDatabase()], one),
    );
  });
});
