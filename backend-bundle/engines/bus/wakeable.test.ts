import { expect, test } from 'vitest';
import { WakeableWork } from './wakeable.ts';

/** Work whose runs the test ends one by one. */
function heldWork() {
  const runs: PromiseWithResolvers<void>[] = [];
  const errors: unknown[] = [];
  const work = new WakeableWork(
    () => {
      const run = Promise.withResolvers<void>();
      runs.push(run);
      return run.promise;
    },
    (error) => errors.push(error),
  );
  return { work, runs, errors };
}

test('wakes during a run cause one more run, after it', async () => {
  const { work, runs } = heldWork();
  work.wake();
  work.wake();
  work.wake();
  expect(runs).toHaveLength(1);
  runs[0]?.resolve();
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.resolve();
  await work.end();
  expect(runs).toHaveLength(2);
});

test('a failed run is reported, and the next one happens', async () => {
  const { work, runs, errors } = heldWork();
  work.wake();
  work.wake();
  const failure = new Error('no database');
  runs[0]?.reject(failure);
  await expect.poll(() => runs.length).toBe(2);
  expect(errors).toEqual([failure]);
  runs[1]?.resolve();
  await work.end();
});

test('the end waits for the current run, and no other follows', async () => {
  const { work, runs } = heldWork();
  work.wake();
  work.wake();
  let ended = false;
  const end = work.end().then(() => {
    ended = true;
  });
  await Promise.resolve();
  expect(ended).toBe(false);
  runs[0]?.resolve();
  await end;
  work.wake();
  await work.end();
  expect(runs).toHaveLength(1);
});
