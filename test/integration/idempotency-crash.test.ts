import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Client, createClient } from '#common/contract/client.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { startPostgres, withoutPostgres } from '../support/postgres.ts';

type Step = number | 'committed';

interface Case {
  /** The table by which its transaction is known. */
  table: string;
  /** Where the kills begin: at the first step, or at the last alone. */
  from: Step;
  /** Sends the request: the same one for the same key. */
  send(client: Client, idempotencyKey: string): Promise<unknown>;
  /** How often it has taken effect, for all keys together. */
  count(client: Client): Promise<number>;
}

const panels = [{ id: 'p', kind: 'text', title: 'Text', markdown: 'text', place: { x: 0, y: 0, w: 4, h: 4 } }] as const;

const cases: Record<string, Case> = {
  'a new API key': {
    table: 'api_keys',
    from: 1,
    send: (client, idempotencyKey) => client.auth.createApiKey({ body: { name: 'crash' } }, { idempotencyKey }),
    count: async (client) => (await client.auth.listApiKeys()).items.filter(({ name }) => name === 'crash').length,
  },
  'a new dashboard': {
    table: 'dashboard_versions',
    from: 'committed',
    send: (client, key) => client.dashboards.create({ body: { code: key, title: 'crash', panels: [...panels] } }, { idempotencyKey: key }),
    count: async (client) => (await client.dashboards.list({ query: {} })).items.filter(({ title }) => title === 'crash').length,
  },
};

/**
 * Kills the backend at one step of the request's transaction after the other, and repeats the request after each.
 * @returns the number of kills
 */
async function killAtEachStep(args: readonly string[], { table, from, send, count }: Case): Promise<number> {
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
    backend = await start(from);
    const { session } = await backend.login('ADMIN');
    const clientOf = ({ url }: TestBackend) => createClient({ baseUrl: url, token: () => session.accessToken });
    for (let step = from, done = 0; ; done++) {
      const key = `crash-${done}`;
      await arm(backend);
      const answered = await send(clientOf(backend), key).then(
        () => true,
        () => false,
      );
      // It died, unless its transaction has no such step.
      if (answered) expect(step).toBeGreaterThan(2);
      await backend.kill();
      const next: Step = answered ? 'committed' : step === 'committed' ? step : step + 1;
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

describe('a request repeated after a crash takes effect once and gets a reply', () => {
  for (const [title, one] of Object.entries(cases)) {
    test(`${title}, on SQLite`, async () => {
      expect(await killAtEachStep([], one)).toBeGreaterThanOrEqual(one.from === 1 ? 4 : 1);
    });
    test.skipIf(withoutPostgres() !== null)(`${title}, on PostgreSQL`, async () => {
      const server = await startPostgres();
      try {
        expect(await killAtEachStep(['--database-url', await server.database('crash')], one)).toBeGreaterThanOrEqual(
          one.from === 1 ? 4 : 1,
        );
      } finally {
        await server.close();
      }
    });
  }
});
