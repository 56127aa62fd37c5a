import { once } from 'node:events';
import pino, { type Logger } from 'pino';
import { formatSetDuration } from '#common/format.ts';
import { describeError } from './command.ts';

/** Maximum duration of a clean stop, ms; anything still running then is cut off. */
const stopWithin = 4_500;

/** Logs go to standard error, so that standard output stays for what scripts read. */
export async function makeLog(options: { json: boolean; level: string }): Promise<Logger> {
  // Written at once: the last line before a crash is the one that matters.
  const stream = options.json ? pino.destination({ fd: 2, sync: true }) : await prettyStream();
  const secrets = ['password', 'secret', 'token', 'accessToken', 'refreshToken', 'apiKey', 'authorization'];
  return pino({ level: options.level, redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '***' } }, stream);
}

async function prettyStream(): Promise<NodeJS.WritableStream> {
  const { default: pretty } = await import('pino-pretty');
  return pretty({ destination: 2, sync: true, ignore: 'hostname', singleLine: true });
}

/**
 * Runs until the process receives SIGTERM, SIGINT or SIGHUP, or an unexpected error occurs, then stops cleanly.
 * @param start starts the work; if it fails, its error is thrown to the caller
 * @returns the exit status: 0 after a signal, 1 after a failure
 */
export async function runUntilStopped(log: Logger, start: () => Promise<{ stop: () => Promise<void> }>): Promise<number> {
  const ended = Promise.withResolvers<number>();
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(130);
    stopping = true;
    log.info(`${signal}: stopping`);
    ended.resolve(0);
  };
  const onFailure = (error: unknown) => {
    log.fatal({ err: error }, 'an unforeseen failure; stopping');
    stopping = true;
    ended.resolve(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.on('uncaughtException', onFailure);
  process.on('unhandledRejection', onFailure);

  const running = await start();
  const status = await ended.promise;
  const limit = setTimeout(() => {
    log.error(`not everything stopped within ${formatSetDuration(stopWithin)}; ending anyway`);
    process.exit(1);
  }, stopWithin);
  try {
    await running.stop();
    log.info('stopped');
    return status;
  } catch (error) {
    log.error({ err: error }, `stopping failed: ${describeError(error)}`);
    return 1;
  } finally {
    clearTimeout(limit);
  }
}

/** Prints one line for scripts and waits until it has been written, because pipes are asynchronous. */
export async function printLine(value: unknown): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(value)}\n`)) await once(process.stdout, 'drain');
}
