/** Something that draws in the shared animation frame. */
export interface Turn {
  /** Called at most once a frame, in the frame after it was requested. */
  turn(): void;
}

const waiting = new Set<Turn>();
let isAsked = false;

function run(): void {
  isAsked = false;
  const turns = [...waiting];
  waiting.clear();
  for (const one of turns) one.turn();
}

/** Requests a turn in the next frame. All charts of the window share one animation frame. */
export function askForTurn(one: Turn): void {
  waiting.add(one);
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(run);
}

export function forgoTurn(one: Turn): void {
  waiting.delete(one);
}
