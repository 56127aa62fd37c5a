import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as electron from 'electron';
import pino from 'pino';
import { AppError } from '#common/contract/errors.ts';
import { desktopTexts } from '#common/words/desktop.ts';
import { describeProblem } from '#common/words/problems.ts';
import { startDesktop } from './desktop.ts';
import { readDesktopOptions } from './options.ts';
import { StageError } from './stages.ts';

/** Entry of the desktop host; built to out/main/main.js. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const log = pino({ level: process.env['WATCHFLOOR_LOG_LEVEL'] ?? 'info' }, pino.destination({ fd: 2, sync: true }));
const args = process.argv.slice(1);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => electron.app.quit());

// When a script started it from the sources, it ends with that script, even if the script is killed. An installed console has no such
// parent.
const parent = Number(process.env['WATCHFLOOR_PARENT_PID']);
delete process.env['WATCHFLOOR_PARENT_PID'];
if (parent > 0 && process.platform !== 'win32') {
  setInterval(() => process.ppid !== parent && electron.app.quit(), 250).unref();
}

try {
  await startDesktop({
    ...readDesktopOptions(args),
    api: electron,
    root,
    // The backend runs on Node itself: Electron's own `run as node` is switched off by the fuses.
    node: process.env['WATCHFLOOR_NODE'] ?? join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node'),
    cli: join(root, 'out/backend/cli.js'),
    threadUrl: new URL('./database-thread.js', import.meta.url),
    args,
    platform: process.platform,
    log,
  });
} catch (error) {
  log.fatal({ err: error }, 'the console cannot start');
  const cause = error instanceof StageError ? error.cause : error;
  // The settings, with the chosen language, may not have been readable.
  const language = electron.app.getPreferredSystemLanguages()[0]?.startsWith('ar') ? 'ar' : 'en';
  const { message, hint } = describeProblem(cause instanceof AppError ? cause : { message: String(cause) }, language);
  electron.dialog.showErrorBox(desktopTexts[language].cannotStart, hint === undefined ? message : `${message}\n\n${hint}`);
  electron.app.exit(1);
}
