import { expect, test } from 'vitest';
import { AppError } from '#common/contract/errors.ts';
import { makeSignInLimits } from './sign-in-limits.ts';

const staying = new AbortController().signal;

/** Limits with a clock that advances when something waits: waiters resume in order of their time. */
function world() {
  const clock = { now: 1_000_000 };
  const sleepers: { at: number; wake: () => void }[] = [];
  const limits = makeSignInLimits(
    () => clock.now,
    (ms, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push({ at: clock.now + ms, wake: () => resolve(undefined) });
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  );
  const tick = () => new Promise((resolve) => setImmediate(resolve));
  return {
    limits,
    clock,
    async advance(ms: number) {
      clock.now += ms;
      for (const sleeper of sleepers.splice(0)) {
        if (sleeper.at <= clock.now) sleeper.wake();
        else sleepers.push(sleeper);
      }
      await tick();
    },
    /** Starts an attempt without waiting for it. */
    start(username: string, address: string, signal = staying) {
      const outcome = { state: 'waiting' as 'waiting' | 'checking' | AppError | Error, end: () => {}, succeed: () => {} };
      limits.begin({ username, address, signal }).then(
        (attempt) => Object.assign(outcome, { ...attempt, state: 'checking' }),
        (error: Error) => Object.assign(outcome, { state: error }),
      );
      return outcome;
    },
    tick,
  };
}

test('parallel attempts are checked up to the limit, and right passwords are not counted', async () => {
  const { start, tick } = world();
  const attempts = Array.from({ length: 90 }, (_, i) => start(`user-${i}`, '10.0.0.1'));
  await tick();
  const checking = () => attempts.filter(({ state }) => state === 'checking');
  expect(checking()).toHaveLength(20);
  // Five passwords were right, so five waiting attempts take their places. The others of the first batch were wrong and stay counted.
  for (const [i, attempt] of checking().entries()) {
    if (i < 5) attempt.succeed();
    attempt.end();
  }
  await tick();
  expect(checking()).toHaveLength(25);
  for (const attempt of checking().slice(20)) attempt.end();
  await tick();
  expect(checking()).toHaveLength(25);
  const refused = attempts.filter(({ state }) => state instanceof AppError);
  expect(refused).toHaveLength(65);
  expect(refused[0]?.state).toMatchObject({ code: 'rate_limited', retryAfterMs: 60_000 });
});

test('many people can sign in from one address with the right passwords', async () => {
  const { start, tick } = world();
  const attempts = Array.from({ length: 200 }, (_, i) => start(`user-${i}`, '10.0.0.1'));
  for (let round = 0; round < 20; round += 1) {
    await tick();
    for (const attempt of attempts.filter(({ state }) => state === 'checking')) {
      attempt.succeed();
      attempt.end();
      attempt.state = new Error('in');
    }
  }
  expect(attempts.filter(({ state }) => state instanceof Error && state.message === 'in')).toHaveLength(200);
});

test('a right password is not refused because other right ones are being checked, however slow the machine', async () => {
  const { start, tick, advance } = world();
  // One account shared by the screens of a wall, and many accounts: each check takes 4 s, so 100 attempts take more than a minute.
  for (const nameOf of [() => 'wall', (i: number) => `user-${i}`]) {
    const attempts = Array.from({ length: 100 }, (_, i) => start(nameOf(i), '10.0.0.1'));
    let signedIn = 0;
    while (signedIn < 100 && !attempts.some(({ state }) => state instanceof AppError)) {
      await tick();
      const [checked] = attempts.filter(({ state }) => state === 'checking');
      if (!checked) break;
      await advance(4_000);
      checked.succeed();
      checked.end();
      checked.state = new Error('in');
      signedIn += 1;
    }
    expect(attempts.find(({ state }) => state instanceof AppError)?.state).toBeUndefined();
    expect(signedIn).toBe(100);
  }
});

test('a limited number of attempts wait, and a disconnected client stops waiting', async () => {
  const { start, tick } = world();
  const leaving = new AbortController();
  const first = Array.from({ length: 20 }, (_, i) => start(`user-${i}`, '10.0.0.1'));
  const left = start('late', '10.0.0.1', leaving.signal);
  const waiting = Array.from({ length: 999 }, (_, i) => start(`more-${i}`, '10.0.0.1'));
  const refused = start('one-too-many', '10.0.0.1');
  await tick();
  expect(waiting.every(({ state }) => state === 'waiting')).toBe(true);
  expect(refused.state).toMatchObject({ code: 'rate_limited', message: expect.stringMatching(/same time/) });
  leaving.abort(new Error('left'));
  await tick();
  expect(left.state).toMatchObject({ message: 'left' });
  const place = start('place', '10.0.0.1');
  await tick();
  expect(place.state).toBe('waiting');
  for (const attempt of first) attempt.end();
  await tick();
  expect(place.state).toMatchObject({ message: expect.stringMatching(/from this address/) });
});

test('attempts on an account are delayed over all addresses together, but it is never locked', async () => {
  const { start, advance, tick, clock } = world();
  const begun = clock.now;
  let checked = 0;
  const settle = (attempts: ReturnType<typeof start>[]) => {
    for (const attempt of attempts.filter(({ state }) => state === 'checking')) {
      checked += 1;
      attempt.end();
      attempt.state = new Error('wrong');
    }
  };
  // Ten minutes of guessing from a new address every half second.
  const attempts: ReturnType<typeof start>[] = [];
  for (let i = 0; i < 1_200; i += 1) {
    attempts.push(start('admin', `10.1.${i >> 8}.${i & 255}`));
    await tick();
    settle(attempts);
    await advance(500);
    settle(attempts);
  }
  const turns = 10 + Math.ceil((clock.now - begun) / 5_000);
  expect(checked).toBeGreaterThan(100);
  expect(checked).toBeLessThanOrEqual(turns);
  const refused = attempts.find(({ state }) => state instanceof AppError);
  expect(refused?.state).toMatchObject({ code: 'rate_limited', message: expect.stringMatching(/this account/) });
  // When the guessing stops, the owner gets a turn within seconds.
  await advance(5_000);
  const owner = start('admin', '10.9.9.9');
  await tick();
  await advance(5_000);
  expect(owner.state).toBe('checking');
});

test('a user who has signed in from an address before is not delayed by guessing from elsewhere', async () => {
  const { start, tick } = world();
  const first = start('admin', '10.0.0.1');
  await tick();
  first.succeed();
  first.end();
  for (let i = 0; i < 100; i += 1) {
    const guess = start('admin', `10.2.0.${i}`);
    await tick();
    if (guess.state === 'checking') guess.end();
  }
  const owner = start('admin', '10.0.0.1');
  await tick();
  expect(owner.state).toBe('checking');
  // That address still has its own limit.
  owner.end();
  let checked = 0;
  for (let i = 0; i < 30; i += 1) {
    const guess = start('admin', '10.0.0.1');
    await tick();
    if (guess.state === 'checking') checked += 1;
    guess.end();
  }
  expect(checked).toBeLessThanOrEqual(10);
});

test('the addresses of one IPv6 network count as one', async () => {
  const { start, tick } = world();
  let checked = 0;
  for (let i = 0; i < 60; i += 1) {
    const guess = start(`user-${i}`, i % 2 === 0 ? `2001:db8::${i.toString(16)}` : `2001:0db8:0:0:ffff::${i.toString(16)}%eth0`);
    await tick();
    if (guess.state === 'checking') checked += 1;
    guess.end();
  }
  expect(checked).toBe(20);
  const other = start('user', '2001:db8:0:1::1');
  const mapped = start('user', '::ffff:10.0.0.7');
  await tick();
  expect([other.state, mapped.state]).toEqual(['checking', 'checking']);
});

test('an attempt whose client has disconnected is not checked', async () => {
  const { start, tick, advance } = world();
  for (let i = 0; i < 10; i += 1) {
    const guess = start('admin', `10.0.0.${i}`);
    await tick();
    guess.end();
  }
  const leaving = new AbortController();
  const waiting = start('admin', '10.0.1.1', leaving.signal);
  await tick();
  expect(waiting.state).toBe('waiting');
  leaving.abort(new Error('left'));
  await advance(60_000);
  expect(waiting.state).toMatchObject({ message: 'left' });
});
