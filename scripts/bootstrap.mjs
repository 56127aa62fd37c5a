// Runs on any Node from 20 on, before anything is installed: plain JavaScript, Node's own modules only.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithNpm, startWithParent } from './end-with-parent.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
/** The Node that the project brings; everything but this file runs on it. */
export const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const stamp = join(root, 'node_modules', '.installed-from');

/** Installs the locked dependencies when they are missing or older than the lock file. Progress goes to stderr. */
export function ensureInstalled() {
  const [major] = process.versions.node.split('.');
  if (Number(major) < 20) {
    fail(`Watchfloor needs Node 20 or newer to start; this is ${process.version}.`, 'Install a newer Node, then run the same command.');
  }
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('Installing dependencies (once, and after an update)…\n');
  const started = Date.now();
  // Not `npm ci`: it insists on builds of other platforms that some registries do not carry. The lock file decides all the same.
  const done = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0 || !existsSync(node)) {
    fail(
      'The dependencies could not be installed.',
      'The lines above say why. Check that npm reaches its registry, then run the same command.',
    );
  }
  writeFileSync(stamp, wanted);
  process.stderr.write(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}

/** Hands this process over to `script` on the project's Node: same terminal, same signals, same exit status, same end. `more` is added to its environment. */
export function handOver(script, args, more = {}) {
  endWithNpm();
  const { flags, env } = startWithParent();
  const child = spawn(node, [...flags, join(root, script), ...args], { stdio: 'inherit', env: { ...env, ...more } });
  // A terminal sends Ctrl-C to the whole group; a supervisor signals this process alone. Either way the child gets it once more at most, and it stops once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)));
}

function fail(message, hint) {
  process.stderr.write(`${message}\n${hint}\n`);
  process.exit(1);
}
