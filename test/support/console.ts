import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Console } from '#core/console.ts';
import { openConsole } from '#core/console.ts';
import { fileStore } from '#core/secrets/file.ts';
import { adminPassword } from './backend.ts';

/** A signal for calls that are never cancelled. */
export const neverAborts = new AbortController().signal;

interface ReceivedEvent {
  service: string;
  event: string;
  payload: unknown;
  at: number;
}

export interface TestConsole extends Console {
  /** All events since it was opened. */
  received: ReceivedEvent[];
  /** The only connection. */
  connection(): Promise<Connection>;
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'watchfloor-console-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Opens the real core on a folder, connected to a backend as `admin`. Secrets are in a file: tests have no keychain of their own.
 * @param now its clock, where it is wrong
 */
export async function openTestConsole(dataDir: string, url: string, now = Date.now): Promise<TestConsole> {
  const core = await openConsole({
    dataDir,
    host: 'browser',
    secrets: fileStore(join(dataDir, 'secrets.json')),
    log: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
    openExternal: async () => undefined,
    now,
    initial: { url, username: 'admin', password: adminPassword, embedded: true },
  });
  const received: ReceivedEvent[] = [];
  core.on((service, event, payload) => received.push({ service, event, payload, at: Date.now() }));
  return {
    ...core,
    received,
    async connection() {
      const [first] = await core.handlers.connections.list(undefined, neverAborts);
      if (first === undefined) throw new Error('The console has no connection.');
      return first;
    },
  };
}
