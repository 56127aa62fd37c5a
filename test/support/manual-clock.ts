export interface ManualClock {
  /** The time it shows, epoch ms. */
  now(): number;
  /** Waits until the clock has been advanced by `ms`. @throws the signal's reason when that aborts first */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Moves on to where the first that waits is due and wakes it. @returns once somebody waits again: what was due has been done */
  step(): Promise<void>;
  /** Advances by `ms`, through every waiting step; also when nothing waits. */
  advance(ms: number): Promise<void>;
}

/** A clock that only tests move. It begins at a whole minute, as real as any: code may compare it with the times of files. */
export function manualClock(begin = Math.floor(Date.now() / 60_000) * 60_000): ManualClock {
  let now = begin;
  const waiting = new Map<() => void, number>();
  const nextDue = () => Math.min(...waiting.values());
  let arrival = Promise.withResolvers<void>();
  const someoneWaits = async () => {
    if (waiting.size === 0) await arrival.promise;
  };
  const step = async () => {
    await someoneWaits();
    now = Math.max(now, nextDue());
    for (const [wake, due] of [...waiting]) if (due <= now) wake();
    await someoneWaits();
  };
  return {
    now: () => now,
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        const wake = () => {
          waiting.delete(wake);
          signal.removeEventListener('abort', leave);
          resolve();
        };
        const leave = () => {
          waiting.delete(wake);
          reject(signal.reason);
        };
        waiting.set(wake, now + ms);
        arrival.resolve();
        arrival = Promise.withResolvers();
        signal.addEventListener('abort', leave, { once: true });
      }),
    step,
    async advance(ms) {
      const end = now + ms;
      while (nextDue() <= end) await step();
      now = end;
    },
  };
}
