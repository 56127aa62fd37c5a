const tick = document.querySelector('#tick') as HTMLElement;

/** The next frame begins; the one before has been painted. A mark changes so that the browser never skips a frame in which nothing else did. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) =>
    requestAnimationFrame(() => {
      tick.classList.toggle('odd');
      resolve();
    }),
  );
}

/** Resolves when everything drawn so far is on the screen: one frame to process it, and the start of another. */
export async function painted(): Promise<void> {
  await nextFrame();
  await nextFrame();
}
