import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type MetricBatch, metricBatch } from '#common/contract/metrics.ts';

export interface BufferOptions {
  folder: string;
  log: Logger;
  /** Past this many bytes the oldest file is dropped. */
  maxBytes: number;
  /** A file is closed past this many bytes. */
  fileBytes: number;
}

interface Segment {
  number: number;
  path: string;
  bytes: number;
}

const nameOf = (number: number) => `${String(number).padStart(10, '0')}.jsonl`;

/**
 * Batches on disk, oldest first, in append-only files of one JSON line each. What `append` resolved for is there after a
 * kill; a line that a kill cut short is left out. One process at a time.
 */
export class DiskBuffer {
  readonly #options: BufferOptions;
  readonly #segments: Segment[] = [];
  /** Batches of the oldest file that still wait; null until it is read. */
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

  /** Adds a batch behind all others. @throws what the disk says */
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

  /** The oldest batch, or null when nothing waits. */
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

  /** Forgets a batch that was delivered. Its file goes with its last one; until then a restart delivers the file again. */
  done(batchId: string): Promise<void> {
    return this.#alone(async () => {
      const segment = this.#segments[0];
      // The file may have been dropped for want of room meanwhile.
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

  /** Appending and delivering share the files: one step at a time. */
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

/** Removes what follows the last line end: the beginning of a line that was never finished. @returns bytes left */
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
