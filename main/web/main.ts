import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import pretty from 'pino-pretty';
import { AppError } from '#common/contract/errors.ts';
import { problemError } from '#common/words/problems.ts';
import { type Host, startHost } from '#core/launcher/host.ts';
import { openInBrowser } from './browser.ts';
import { help, readOptions, type WebOptions } from './options.ts';
import { createProgress } from './progress.ts';
import { startWebServer, type WebServer } from './server.ts';

/** The browser host: the console's core and its backend, shown in any browser. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const at = (path: string) => join(root, path);
const print = (line: string) => process.stderr.write(`${line}\n`);
/** Anything that has not stopped after this time is killed, ms. */
const stopWithinMs = 4_700;

async function run(options: WebOptions): Promise<void> {
  const { data: dataDir, json } = options;
  const log = json
    ? pino({ level: 'info' }, pino.destination({ fd: 2, sync: true }))
    : pino({ level: 'warn' }, pretty({ destination: 2, sync: true, ignore: 'hostname,pid', singleLine: true }));

  const host = await startHost({
    dataDir,
    host: 'browser',
    node: process.execPath,
    // A host that runs from its sources starts the sources of the backend; a built one starts the built backend.
    cli: at(import.meta.url.endsWith('.ts') ? 'backend-bundle/cli.ts' : 'out/backend/cli.js'),
    log,
    async openExternal(url) {
      if (!(await openInBrowser(url))) throw problemError('no_browser', { url });
    },
    ...(options.backend === undefined ? {} : { backendUrl: options.backend }),
    ...(json ? {} : { onBackend: createProgress(print) }),
  });
  let server: WebServer | null = null;
  stopOnSignal(host, () => server, dataDir);
  try {
    server = await startWebServer({
      root: at('out/renderer'),
      dataDir,
      listen: options.listen,
      ...(options.cert !== undefined && options.key !== undefined ? { tls: { cert: options.cert, key: options.key } } : {}),
      rpc: host.rpc,
      onLink(link) {
        keepLink(dataDir, link);
        if (!json) print(`That link has been used. Link for another browser: ${link}`);
      },
    });
  } catch (error) {
    await host.close();
    throw error;
  }
  keepLink(dataDir, server.link());
  if (!json) {
    print(`The console is at ${server.link()}`);
    if (options.open && (await openInBrowser(server.link()))) print('Opening it in the browser.');
    print('Press Ctrl-C to stop everything.');
  }
  host.start();
  const backend = await host.backend;
  if (json) process.stdout.write(`${JSON.stringify({ event: 'ready', console: server.link(), backend, pid: process.pid })}\n`);
  else print(`The backend is running at ${backend}`);
}

function stopOnSignal(host: Host, server: () => WebServer | null, dataDir: string): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    // A closed terminal can't show any more lines.
    if (signal !== 'SIGHUP') print('Stopping…');
    setTimeout(() => {
      host.kill();
      process.exit(1);
    }, stopWithinMs).unref();
    rmSync(linkFile(dataDir), { force: true });
    await Promise.all([host.close(), server()?.close()]);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, (name) => void stop(name));
}

const linkFile = (dataDir: string) => join(dataDir, 'console-link');

/** Writes the next valid link to a file that only its owner can read. */
function keepLink(dataDir: string, link: string): void {
  rmSync(linkFile(dataDir), { force: true });
  writeFileSync(linkFile(dataDir), `${link}\n`, { mode: 0o600 });
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(`${help.trim()}\n`);
  else await run(options);
} catch (error) {
  const known = error instanceof AppError;
  print(
    known
      ? [error.message, error.hint].filter(Boolean).join('\n  ')
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error),
  );
  process.exit(known && error.code === 'validation_failed' ? 2 : 1);
}
