/**
 * A backend that a console launched ends with it, however the console ends: the console holds the other end of this
 * process's standard input, and the operating system closes it even when the console is killed.
 */
export function endWithParent(env: NodeJS.ProcessEnv = process.env): void {
  if (env['WATCHFLOOR_SUPERVISED'] !== '1') return;
  process.stdin.once('close', () => {
    // The usual clean stop, as if told to; what cannot stop (or has not begun to listen) is ended.
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(1);
    setTimeout(() => process.exit(1), 5_000).unref();
  });
  process.stdin.resume();
}
