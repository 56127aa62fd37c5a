/** Something that draws when its turn comes. */
export interface Turn {
  /** Called at most once a frame, in the frame after it asked. */
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

/** One animation frame for all charts of the window. */
export function askForTurn(one: Turn): void {
  waiting.add(one);
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(run);
}

export function forgoTurn(one: Turn): void {
  waiting.delete(one);
}
