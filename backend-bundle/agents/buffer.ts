import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type MetricBatch, metricBatch } from '#common/contract/metrics.ts';

export interface BufferOptions {
  folder: string;
  log: Logger;
  /** Maximum size of the buffer, bytes. When it is exceeded, the oldest file is deleted. */
  maxBytes: number;
  /** Size at which a file is closed and the next one is started, bytes. */
  fileBytes: number;
}

interface Segment {
  number: number;
  path: string;
  bytes: number;
}

const nameOf = (number: number) => `${String(number).padStart(10, '0')}.jsonl`;

/**
 * A queue of batches on disk, oldest first, in append-only files with one JSON line per batch. A batch survives a crash once `append` has
 * resolved; a line that a crash cut short is skipped. Only one process may use a folder at a time.
 */
export class DiskBuffer {
  readonly #options: BufferOptions;
  readonly #segments: Segment[] = [];
  /** Undelivered batches of the oldest file; null until the file is read. */
  #oldest: MetricBatch[] | null = null;
  #chain: Promise<unknown> = Promise.resolve();

  private constructor(options: BufferOptions) {
    this.#options = options;
  }

  static async open(options: BufferOptions): Promise<DiskBuffer> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const buffer = new DiskBuffer(options);
    const names = (await readdir(options.folder)).filter((name) => /^\d{10}\.jsonl$/.test(name)).sort();
    for (const name of names) {
      const path = join(options.folder, name);
      buffer.#segments.push({ number: Number(name.slice(0, 10)), path, bytes: (await stat(path)).size });
    }
    const last = buffer.#segments.at(-1);
    if (last !== undefined) last.bytes = await cutShortLine(last.path);
    return buffer;
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Appends a batch to the queue. @throws the file system's error */
  append(batch: MetricBatch): Promise<void> {
    return this.#alone(async () => {
      const line = `${JSON.stringify(batch)}\n`;
      const bytes = Buffer.byteLength(line);
      const first = this.#segments[0];
      let last = this.#segments.at(-1);
      if (last === undefined || last.bytes + bytes > this.#options.fileBytes) {
        const number = (last?.number ?? 0) + 1;
        last = { number, path: join(this.#options.folder, nameOf(number)), bytes: 0 };
        this.#segments.push(last);
      }
      try {
        await appendFile(last.path, line, { flush: true, mode: 0o600 });
      } catch (error) {
        // Half a line would spoil the next one.
        await truncate(last.path, last.bytes).catch(() => {});
        throw error;
      }
      last.bytes += bytes;
      if (last === first && this.#oldest !== null) this.#oldest.push(batch);
      await this.#keepBounded();
    });
  }

  /** Returns the oldest batch, or null when the queue is empty. */
  peek(): Promise<MetricBatch | null> {
    return this.#alone(async () => {
      for (;;) {
        const segment = this.#segments[0];
        if (segment === undefined) return null;
        this.#oldest ??= await this.#read(segment);
        const batch = this.#oldest[0];
        if (batch !== undefined) return batch;
        await this.#drop(segment);
      }
    });
  }

  /**
   * Removes a delivered batch. A file is deleted with its last batch; if the process restarts before that, the whole file is delivered
   * again.
   */
  done(batchId: string): Promise<void> {
    return this.#alone(async () => {
      const segment = this.#segments[0];
      // The file may have been deleted in the meantime to make room.
      if (segment === undefined || this.#oldest?.[0]?.batchId !== batchId) return;
      this.#oldest.shift();
      if (this.#oldest.length === 0) await this.#drop(segment);
    });
  }

  async #keepBounded(): Promise<void> {
    while (this.bytes > this.#options.maxBytes && this.#segments.length > 1) {
      const segment = this.#segments[0];
      if (segment === undefined) return;
      const lost = this.#oldest?.length ?? (await this.#read(segment)).length;
      await this.#drop(segment);
      this.#options.log.error(
        { batches: lost, maxBytes: this.#options.maxBytes },
        'the buffer is full: the oldest measurements were dropped',
      );
    }
  }

  async #drop(segment: Segment): Promise<void> {
    await rm(segment.path, { force: true });
    this.#segments.shift();
    this.#oldest = null;
  }

  async #read(segment: Segment): Promise<MetricBatch[]> {
    const batches: MetricBatch[] = [];
    let unreadable = 0;
    for (const line of (await readFile(segment.path, 'utf8')).split('\n')) {
      if (line === '') continue;
      const batch = parseLine(line);
      if (batch === null) unreadable++;
      else batches.push(batch);
    }
    if (unreadable > 0)
      this.#options.log.error({ file: segment.path, lines: unreadable }, 'lines of the buffer cannot be read and are left out');
    return batches;
  }

  /** Appending and delivering use the same files, so only one step runs at a time. */
  #alone<T>(step: () => Promise<T>): Promise<T> {
    const next = this.#chain.then(step);
    this.#chain = next.catch(() => {});
    return next;
  }
}

function parseLine(line: string): MetricBatch | null {
  try {
    return metricBatch.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** Truncates an unfinished line at the end of the file. @returns the remaining size, bytes */
async function cutShortLine(path: string): Promise<number> {
  let offset = 0;
  let end = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const at = chunk.lastIndexOf(0x0a);
    if (at >= 0) end = offset + at + 1;
    offset += chunk.length;
  }
  if (end < offset) await truncate(path, end);
  return end;
}
