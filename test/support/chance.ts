/**
 * The seed of everything that tests draw by chance. `npm test` has always the same one, so that it fails for a change and not
 * for bad luck; `npm run explore` draws a new one for each round.
 */
export const seed = Number(process.env['WATCHFLOOR_TEST_SEED'] ?? 20_261_126);

/** True in a round of `npm run explore`, which repeats what `npm test` does a few times many times. */
export const isExploring = process.env['WATCHFLOOR_EXPLORE'] === '1';

/** How many examples a slow property is checked on: all of them when exploring, a third in `npm test`, whose seed never changes. */
export const examples = (all: number): number => (isExploring ? all : Math.ceil(all / 3));

/** A stream of numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
