/** On a page that is never idle, waiting work runs at this interval, and for this long, ms: a third of the time. */
const maxWaitMs = 50;
const whenBusyMs = 25;
/** No work starts with less time than this until the next frame, ms. */
const minLeftMs = 8;

/** Urgent work, then the rest; each in the order it came. */
const urgent = new Set<() => void>();
const rest = new Set<() => void>();
let isScheduled = false;

/**
 * Runs work that can wait, piece by piece, in the idle time between frames. Urgent pieces come first.
 * @returns a function that cancels the work, if it hasn't run yet
 */
export function whenIdle(work: () => void, isUrgent = false): () => void {
  const queue = isUrgent ? urgent : rest;
  const piece = () => work();
  queue.add(piece);
  schedule();
  return () => queue.delete(piece);
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  requestIdleCallback(runPieces, { timeout: maxWaitMs });
}

function runPieces(deadline: IdleDeadline): void {
  isScheduled = false;
  const began = performance.now();
  const isTimeLeft = () => (deadline.didTimeout ? performance.now() - began < whenBusyMs : deadline.timeRemaining() > minLeftMs);
  try {
    do {
      const queue = urgent.size > 0 ? urgent : rest;
      const [piece] = queue;
      if (!piece) return;
      queue.delete(piece);
      piece();
    } while (isTimeLeft());
  } finally {
    if (urgent.size + rest.size > 0) schedule();
  }
}
