import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import { createClient } from '#common/contract/client.ts';
import { DiskBuffer } from './buffer.ts';
import { openCollector } from './collect.ts';
import { deliver } from './deliver.ts';

export interface MetricsAgentOptions {
  /** Address of the backend, without a trailing slash. */
  backend: string;
  apiKey: string;
  /** Undelivered batches are kept in its `agent-buffer` subfolder. */
  dataDir: string;
  /** Stops the agent; undelivered batches stay on disk. */
  signal: AbortSignal;
  log: Logger;
  /** Time between measurements, ms. Default 5,000. */
  intervalMs?: number;
  /** The label `host`. Default: the name of this computer. */
  host?: string;
  /** Maximum size of the buffer on disk, bytes; when it is exceeded, the oldest samples are deleted. Default 64 MiB: about 5 days. */
  maxBufferBytes?: number;
}

const mebibyte = 1024 * 1024;

/**
 * Measures this computer and delivers the points to the backend in order and, in effect, exactly once: every batch is written to disk
 * before it is sent and has an id by which the backend recognises repeats. Resolves when `signal` aborts.
 */
export async function runMetricsAgent(options: MetricsAgentOptions): Promise<void> {
  const { backend, apiKey, dataDir, signal, log, intervalMs = 5_000, maxBufferBytes = 64 * mebibyte } = options;
  const buffer = await DiskBuffer.open({
    folder: join(dataDir, 'agent-buffer'),
    log,
    maxBytes: maxBufferBytes,
    fileBytes: Math.min(mebibyte / 2, Math.ceil(maxBufferBytes / 8)),
  });
  const collector = openCollector(log, options.host);

  let more = false;
  let wake = () => {};
  const notify = () => {
    more = true;
    wake();
  };
  const waitForMore = async () => {
    if (!more && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
    more = false;
  };
  signal.addEventListener('abort', () => wake(), { once: true });
  const delivering = deliver({ client: createClient({ baseUrl: backend, apiKey }), buffer, waitForMore, signal, log });

  const measure = async () => {
    const metrics = await collector.collect(Date.now());
    if (metrics.length === 0) return;
    await buffer.append({ batchId: uuidv7(), metrics });
    notify();
  };
  while (!signal.aborted) {
    const startedAt = performance.now();
    await measure().catch((error) => log.error({ err: error }, 'a measurement could not be kept on disk; the next is tried'));
    const pause = Math.max(0, intervalMs - (performance.now() - startedAt));
    await sleep(pause, undefined, { signal }).catch(() => {});
  }
  await delivering;
}
