import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { type ChunkSignalStore, type ChunkStoreOptions, openChunkSignals } from '#backend/engines/signals/chunks/open.ts';
import type { SignalStore } from '#backend/engines/signals/port.ts';
import { openTableSignals } from '#backend/engines/signals/table/index.ts';
import { onEachAdapter } from './adapters.ts';

export interface StoreOptions {
  /** Maximum number of points that one query may read one by one. */
  maxPointsRead?: number;
}

/** Runs one suite on every store of points: the table, on both databases, and chunks. */
export function onEachSignalStore(title: string, suite: (open: (options?: StoreOptions) => Promise<SignalStore>) => void): void {
  onEachAdapter(`${title} in a table`, ({ open }) => suite(async (options) => openTableSignals(await open(), options)));
  describe(`${title} in chunks`, () => suite(chunkStores().open));
}

/** Chunk stores for one suite, each closed after its test. */
export function chunkStores(): { open(options?: ChunkStoreOptions): Promise<ChunkSignalStore>; fresh(): string } {
  const opened: ChunkSignalStore[] = [];
  let folder = '';
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'watchfloor-chunks-'));
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const fresh = () => join(folder, `${++files}.db`);
  return {
    fresh,
    async open(options) {
      const store = await openChunkSignals(fresh(), options);
      opened.push(store);
      return store;
    },
  };
}
