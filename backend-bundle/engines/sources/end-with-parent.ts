import { Worker } from 'node:worker_threads';

/**
 * Kills this process when its parent has ended. A second thread checks, because the main thread can't while it runs one long native call.
 */
export function endWithParent(): void {
  const watcher = `
    const { workerData } = require('node:worker_threads');
    setInterval(() => process.ppid !== workerData && process.kill(process.pid, 'SIGKILL'), 500);
  `;
  new Worker(watcher, { eval: true, workerData: process.ppid, resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref();
}
