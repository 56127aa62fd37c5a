import { statSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';

/**
 * Loaded into every thread of the backend (`NODE_OPTIONS=--import`): writes the thread's own memory to a file each second. When a
 * file named `collect` appears beside it, the thread collects garbage first, once.
 */
const folder = process.env['BENCH_MEMORY_FOLDER'];
if (folder !== undefined) {
  let isCollected = false;
  setInterval(() => {
    if (!isCollected && statSync(join(folder, 'collect'), { throwIfNoEntry: false })) {
      isCollected = true;
      const session = new Session();
      session.connect();
      // Unlike `gc()`, this also returns the pages that V8 keeps for later.
      session.post('HeapProfiler.collectGarbage');
    }
    const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
    const file = join(folder, `${process.pid}-${threadId}.json`);
    writeFileSync(file, JSON.stringify({ thread: threadId, isCollected, heapUsed, heapTotal, external, arrayBuffers }));
  }, 1_000).unref();
}
