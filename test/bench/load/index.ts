import { setTimeout as sleep } from 'node:timers/promises';
import { startBackend } from '../../support/backend.ts';
import type { Row } from '../row.ts';
import { quantile } from '../storm/meter.ts';
import { type CrowdResult, makeUsers, playCrowd, storeRecords } from './crowd.ts';
import { type Memory, MemoryWatch } from './memory.ts';

const settleLimitMs = 90_000;
/** Within this share of its level the resident size counts as flat. */
const flatShare = 0.02;
/** How far above its level before the load the resident size may stay. */
const allowedShare = 1.2;

/**
 * Memory of a real backend before, during and after two rounds of 100 signed-in users. The second round shows whether what stays after
 * the first is used again or grows.
 */
export async function benchLoad(quick: boolean, say: (text: string) => void): Promise<Row[]> {
  const [users, loadMs, watchSeconds] = quick ? [30, 20_000, [15, 30]] : [100, 60_000, [30, 60, 90]];
  const watch = new MemoryWatch();
  const backend = await startBackend({ env: { ...watch.environment, WATCHFLOOR_REQUESTS_PER_MINUTE: '1000000' } });
  const show = (name: string, memory: Memory) => say(lineOf(name, memory));
  const rows: Row[] = [];
  try {
    say(header);
    show('fresh', await settled(watch, backend.pid));
    const { client } = await backend.login('ADMIN');
    const stored = await storeRecords(client);
    await makeUsers(client, users);
    const before = await settled(watch, backend.pid);
    show(`${stored / 1_000}k stored`, before);
    let level = before.resident;
    for (const round of [1, 2]) {
      const { peak, result } = await play(watch, backend.pid, () => playCrowd(backend.url, users, loadMs));
      show(`round ${round}, peak`, peak);
      const left = performance.now();
      let after = peak;
      for (const seconds of watchSeconds) {
        await sleep(Math.max(0, left + seconds * 1_000 - performance.now()));
        after = watch.take(backend.pid);
        show(`round ${round} + ${seconds} s`, after);
      }
      const p = (share: number) => Math.round(quantile(result.latenciesMs, share));
      say(`round ${round}: ${result.latenciesMs.length} requests, ${result.failures} failed, p50 ${p(0.5)} ms, p95 ${p(0.95)} ms`);
      if (result.firstFailure !== undefined) say(`first failure: ${result.firstFailure}`);
      rows.push(row(`resident after round ${round}, against before it`, after.resident, level * allowedShare));
      level = after.resident;
    }
    await watch.collect(backend.pid);
    await sleep(2_000);
    show('garbage collected', watch.take(backend.pid));
  } finally {
    await backend.stop();
    watch.close();
  }
  return rows;
}

/** Takes the memory each second until the resident size has been flat for 10 s, or the limit is reached. */
async function settled(watch: MemoryWatch, pid: number): Promise<Memory> {
  const end = performance.now() + settleLimitMs;
  const recent: number[] = [];
  for (;;) {
    await sleep(1_000);
    const memory = watch.take(pid);
    recent.push(memory.resident);
    const last = recent.slice(-10);
    const isFlat = last.length === 10 && Math.max(...last) - Math.min(...last) < flatShare * memory.resident;
    if (isFlat || performance.now() > end) return memory;
  }
}

async function play(watch: MemoryWatch, pid: number, crowd: () => Promise<CrowdResult>): Promise<{ peak: Memory; result: CrowdResult }> {
  let peak = watch.take(pid);
  const timer = setInterval(() => {
    const memory = watch.take(pid);
    if (memory.resident > peak.resident) peak = memory;
  }, 1_000);
  try {
    const result = await crowd();
    return { result, peak };
  } finally {
    clearInterval(timer);
  }
}

function row(work: string, ours: number, allowed: number): Row {
  return { work, peer: 'allowed', ours, theirs: allowed, unit: 'MB', ratio: allowed / ours, target: 1 };
}

const columns = ['resident', 'highest', 'children', 'heapUsed', 'heapTotal', 'external', 'arrayBuffers'] as const;
const header = `${'MB'.padEnd(20)}${columns.map((name) => name.padStart(13)).join('')}  used/total heap of each thread`;

function lineOf(name: string, memory: Memory): string {
  return `${name.padEnd(20)}${columns.map((column) => memory[column].toFixed(0).padStart(13)).join('')}  ${memory.threads}`;
}
