import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Client, RetryLaterError, UnreachableError } from '#common/contract/client.ts';
import { AppError } from '#common/contract/errors.ts';
import type { DiskBuffer } from './buffer.ts';

const backoff = { firstMs: 500, maxMs: 30_000 };
/** Error codes after which this batch can never be stored. After any other error the agent retries. */
const permanentErrors = new Set(['validation_failed', 'payload_too_large', 'unsupported_media_type', 'idempotency_key_reused']);

/** Time to wait after the n-th failure in a row, ms: exponential with full jitter. @param random in [0, 1) */
export function retryDelayMs(failures: number, random: number): number {
  return Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(20, failures - 1)) * random;
}

export interface DeliveryOptions {
  client: Client;
  buffer: DiskBuffer;
  /** Resolves when there may be something new in the buffer. */
  waitForMore(): Promise<void>;
  signal: AbortSignal;
  log: Logger;
}

/** Delivers the buffer in order until `signal` aborts. A batch is removed only after the backend has confirmed that it is stored. */
export async function deliver({ client, buffer, waitForMore, signal, log }: DeliveryOptions): Promise<void> {
  let failures = 0;
  let lastReason = '';
  while (!signal.aborted) {
    const batch = await buffer.peek();
    if (batch === null) {
      await waitForMore();
      continue;
    }
    try {
      await client.metrics.ingest({ body: batch }, { signal });
      await buffer.done(batch.batchId);
      if (failures > 0) log.info({ bufferedBytes: buffer.bytes }, 'the backend answers again; what was kept is being delivered');
      failures = 0;
      lastReason = '';
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof AppError && permanentErrors.has(error.code)) {
        log.error(
          { batchId: batch.batchId, code: error.code, reason: error.message },
          'the backend refuses a batch for good; it is dropped',
        );
        await buffer.done(batch.batchId);
        continue;
      }
      failures++;
      const reason = reasonOf(error);
      if (reason !== lastReason) log.warn({ reason: reason }, 'measurements cannot be delivered; they are kept on disk and tried again');
      lastReason = reason;
      const asked = error instanceof RetryLaterError ? error.retryAfterMs : 0;
      await sleep(asked + retryDelayMs(failures, Math.random()), undefined, { signal }).catch(() => {});
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof UnreachableError) return error.message;
  if (error instanceof AppError) return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  return String(error);
}
