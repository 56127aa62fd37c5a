// Preloaded (`node --import`) into every process between `npm` and the console or backend. Plain JavaScript, for any Node from 20 on.
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const lookEveryMs = 250;
/** Set by `startWithParent`: a parent that ended before this line runs is noticed, too. */
const stated = Number(process.env.WATCHFLOOR_PARENT_PID);
delete process.env.WATCHFLOOR_PARENT_PID;

// A worker thread would only repeat what its process does.
if (isMainThread && stated > 0) endWith([stated]);

/** Flags and environment with which Node starts a script that ends when this process does, however this process ends. */
export function startWithParent() {
  return {
    flags: ['--import', import.meta.url],
    env: { ...process.env, WATCHFLOOR_PARENT_PID: String(process.pid) },
  };
}

/**
 * Ends this process when `npm` ends, where npm runs it. npm passes no signal on when it is killed, and neither does the shell
 * between npm and this process, which often lives on.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const above = parentOf(process.ppid);
  // If the shell has replaced itself by this process, the parent of npm is the person's own shell, which may end.
  endWith(isShell(process.ppid) && above !== null ? [process.ppid, above] : [process.ppid]);
}

/** @param ancestors the parent first */
function endWith(ancestors) {
  const timer = setInterval(() => {
    const [parent] = ancestors;
    const orphaned = process.platform !== 'win32' && process.ppid !== parent;
    if (!orphaned && ancestors.every(isAlive)) return;
    clearInterval(timer);
    // Triggers the usual clean stop.
    process.kill(process.pid, 'SIGTERM');
  }, lookEveryMs);
  timer.unref();
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Null if /proc does not show it. */
function parentOf(pid) {
  try {
    // The name, in brackets, may hold anything; the state and the parent follow the last bracket.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

function isShell(pid) {
  try {
    const [command = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return /(^|\/)(sh|dash|bash|ash|busybox|zsh)$/.test(command);
  } catch {
    return false;
  }
}
