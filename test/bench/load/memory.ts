import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Memory of one thread as its probe wrote it, bytes. */
interface ThreadMemory {
  thread: number;
  isCollected: boolean;
  heapUsed: number;
  heapTotal: number;
  external: number;
  arrayBuffers: number;
}

/** Memory of the backend at one moment, MB. The heaps are those of all its threads. */
export interface Memory {
  resident: number;
  /** The greatest resident size since the process started. */
  highest: number;
  children: number;
  heapUsed: number;
  heapTotal: number;
  external: number;
  arrayBuffers: number;
  /** Used and total heap of each thread, the main thread first. */
  threads: string;
}

const mega = 1_048_576;

/** Watches the memory of a backend from outside, and from inside through `probe.ts`. */
export class MemoryWatch {
  readonly #folder = mkdtempSync(join(tmpdir(), 'watchfloor-memory-'));

  /** The environment that the backend must be started with. */
  get environment(): Record<string, string> {
    return {
      // As `npm run backend` and the console start it.
      MALLOC_ARENA_MAX: process.env['MALLOC_ARENA_MAX'] ?? '2',
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${new URL('./probe.ts', import.meta.url).href}`,
      BENCH_MEMORY_FOLDER: this.#folder,
    };
  }

  take(pid: number): Memory {
    const threads = this.#threads(pid);
    const sum = (key: 'heapUsed' | 'heapTotal' | 'external' | 'arrayBuffers') =>
      threads.reduce((total, thread) => total + thread[key], 0) / mega;
    return {
      resident: statusOf(pid, 'VmRSS'),
      highest: statusOf(pid, 'VmHWM'),
      children: childrenOf(pid).reduce((total, child) => total + statusOf(child, 'VmRSS'), 0),
      heapUsed: sum('heapUsed'),
      heapTotal: sum('heapTotal'),
      external: sum('external'),
      arrayBuffers: sum('arrayBuffers'),
      threads: threads.map(({ heapUsed, heapTotal }) => `${Math.round(heapUsed / mega)}/${Math.round(heapTotal / mega)}`).join(' '),
    };
  }

  /** Has every thread collect its garbage, and waits until all have (20 s at most). */
  async collect(pid: number): Promise<void> {
    writeFileSync(join(this.#folder, 'collect'), '');
    for (let second = 0; second < 20; second++) {
      await sleep(1_000);
      if (this.#threads(pid).every(({ isCollected }) => isCollected)) return;
    }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #threads(pid: number): ThreadMemory[] {
    return readdirSync(this.#folder)
      .filter((name) => name.startsWith(`${pid}-`))
      .flatMap((name) => parsed(readFileSync(join(this.#folder, name), 'utf8')))
      .sort((a, b) => a.thread - b.thread);
  }
}

/** Nothing while the probe is just writing its file. */
function parsed(text: string): ThreadMemory[] {
  return text.endsWith('}') ? [JSON.parse(text) as ThreadMemory] : [];
}

/** A figure of /proc/PID/status in MB; 0 when the process has ended. */
function statusOf(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  try {
    const kilobytes = new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  const direct = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number);
  return direct;
}
