/**
 * Stops a backend that a console launched when that console ends, however it ends. The console holds the other end of this process's
 * standard input, which the operating system closes even when the console is killed.
 */
export function endWithParent(env: NodeJS.ProcessEnv = process.env): void {
  if (env['WATCHFLOOR_SUPERVISED'] !== '1') return;
  process.stdin.once('close', () => {
    // Triggers the usual clean stop; a process that does not handle it yet exits at once.
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(1);
    setTimeout(() => process.exit(1), 5_000).unref();
  });
  process.stdin.resume();
}
