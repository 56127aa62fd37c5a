import { chmodSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { takeCoverage } from 'node:v8';
import fc from 'fast-check';
import { afterAll } from 'vitest';
import { seed } from './chance.ts';
import { closeSharedPostgres } from './postgres.ts';
import { allProcesses, type RunningProcess } from './process-tree.ts';

/**
 * Runs before each test file. Draws the examples of property tests from the seed of the run, gives the file a folder of its own
 * for temporary files, and fails the file when anything it opened is still there after its last hook.
 */
fc.configureGlobal({ seed });

const shared = tmpdir();
// Short, because sockets live in it; open to all, because database servers run as users of their own.
const folder = mkdtempSync(join(shared, 'wf-'));
chmodSync(folder, 0o1777);
process.env['TMPDIR'] = folder;
// Processes that the tests start reuse code that an earlier one compiled.
process.env['NODE_COMPILE_CACHE'] ??= join(shared, 'node-compile-cache');

const before = openHere();

// Hooks after all tests run from the last to the first, so this one sees what is left after those of the file.
afterAll(async () => {
  await closeSharedPostgres();
  // Ending takes a moment: a process needs to exit, a socket to send its last packet.
  for (let tries = 0; left().length > 0 && tries < 100; tries += 1) await sleep(50);
  const found = left();
  for (const { pid } of children()) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.env['TMPDIR'] = shared;
  // Vitest ends its workers before Node would write what they ran.
  if (process.env['NODE_V8_COVERAGE'] !== undefined) takeCoverage();
  if (found.length > 0) throw new Error(`This file leaves open or behind:\n${found.map((one) => `  ${one}`).join('\n')}`);
});

function left(): string[] {
  const now = openHere();
  const resources = [...now].filter(([kind, count]) => count > (before.get(kind) ?? 0)).map(([kind, count]) => `${count} × ${kind}`);
  const processes = children().map(({ pid, command }) => `process ${pid}: ${command}`);
  // A browser that is killed leaves its own; what is ours is named so.
  const ours = readdirSync(folder).filter((name) => name.startsWith('watchfloor'));
  return [...resources, ...processes, ...openFiles(), ...ours.map((name) => `temporary ${name}`)];
}

/** Servers, child processes and threads of this process, by kind. Sockets and timers come and go by themselves. */
function openHere(): Map<string, number> {
  const kinds = process.getActiveResourcesInfo().filter((kind) => /Server|^ProcessWrap$|^Worker$/.test(kind));
  return new Map(Object.entries(Object.groupBy(kinds, (kind) => kind)).map(([kind, all]) => [kind, all?.length ?? 0]));
}

/** Files in the temporary folder that this process still holds open: databases that were not closed, most often. Linux only. */
function openFiles(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(folder) ? [`open file ${path}`] : [];
    } catch {
      return [];
    }
  });
}

/** Processes that this one started and that still run. Linux only. */
function children(): RunningProcess[] {
  return process.platform === 'linux' ? allProcesses().filter(({ parent }) => parent === process.pid) : [];
}
