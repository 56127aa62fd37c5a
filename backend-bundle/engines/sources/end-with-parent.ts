import { Worker } from 'node:worker_threads';

/**
 * Kills this process when its parent is gone, also while it computes within one native call: then nothing of its main thread
 * runs, so a second thread looks.
 */
export function endWithParent(): void {
  const look = `
    const { workerData } = require('node:worker_threads');
    setInterval(() => process.ppid !== workerData && process.kill(process.pid, 'SIGKILL'), 500);
  `;
  new Worker(look, { eval: true, workerData: process.ppid, resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref();
}
