import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, programFile } from './build.ts';
import { startWithParent } from './end-with-parent.mjs';

/**
 * `npm start`: builds what is stale, then opens the console in the host that can be had: Electron when its binary and a display are there,
 * otherwise the browser host. Every flag is passed to the host.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const { flags, env } = startWithParent();
const say = (line: string) => process.stderr.write(`${line}\n`);

function hasDisplay(): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/** Returns the path of Electron's binary, which is downloaded if it is missing; prints the reason and returns null if it can't be used. */
function electronBinary(): string | null {
  const folder = join(root, 'node_modules', 'electron');
  const locate = () => {
    const pathFile = join(folder, 'path.txt');
    const binary = existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8')) : null;
    return binary !== null && existsSync(binary) ? binary : null;
  };
  const found = locate();
  if (found) return found;
  say('Fetching the Electron binary (once)…');
  const fetched = spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 'ignore', 'pipe'], timeout: 180_000 });
  if (fetched.status === 0) return locate();
  say('The Electron binary cannot be had here; opening the browser host instead.');
  return null;
}

function hostCommand(): [string, string[]] {
  const wantsWeb = args.some((arg) => ['--web', '--json', '--help'].includes(arg) || arg.startsWith('--listen'));
  const browserHost: [string, string[]] = [process.execPath, [...flags, programFile('web'), ...args.filter((arg) => arg !== '--web')]];
  if (wantsWeb) return browserHost;
  if (!hasDisplay()) {
    say('No display here; opening the browser host.');
    return browserHost;
  }
  const electron = electronBinary();
  return electron ? [electron, [root, ...args]] : browserHost;
}

if (!args.includes('--help')) {
  try {
    await ensureBuilt();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}
const [command, hostArgs] = hostCommand();
const child = spawn(command, hostArgs, { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)));
