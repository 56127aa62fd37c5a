import { readdirSync, readFileSync } from 'node:fs';
import { eventually } from './eventually.ts';

export interface RunningProcess {
  pid: number;
  parent: number;
  /** Its command line, arguments separated by spaces. */
  command: string;
}

/** Every process of this computer. Linux only. */
export function allProcesses(): RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        // A zombie process counts as ended.
        if (state === 'Z') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return [];
      }
    });
}

/** Time that a process has computed, in hundredths of a second. */
export function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[11]);
}

/** A process and all that it started, directly or not, the outermost first. */
export function treeOf(pid: number): RunningProcess[] {
  const all = allProcesses();
  const tree = all.filter((one) => one.pid === pid);
  for (let i = 0; i < tree.length; i += 1) tree.push(...all.filter(({ parent }) => parent === tree[i]?.pid));
  return tree;
}

/** Waits until none of them runs. @throws Error naming those that still do, which are then killed */
export async function allGone(processes: readonly RunningProcess[], withinMs = 20_000): Promise<void> {
  const left = () => allProcesses().filter(({ pid, command }) => processes.some((one) => one.pid === pid && one.command === command));
  await eventually('every process gone', () => left().length === 0, withinMs).catch((cause) => {
    const names = left().map(({ pid, command }) => `${pid} ${command}`);
    for (const { pid } of left()) process.kill(pid, 'SIGKILL');
    throw new Error(`Still running:\n${names.join('\n')}`, { cause });
  });
}
