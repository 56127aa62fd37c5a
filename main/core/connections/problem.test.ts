import { describe, expect, test } from 'vitest';
import { AppError } from '#common/contract/errors.ts';
import { contractVersion } from '#common/contract/version.ts';
import { fullJitter } from './backoff.ts';
import { contractProblem } from './contract.ts';
import { causeCode, problemOf } from './problem.ts';

const caused = (code: string): Error =>
  new Error('no answer', { cause: new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }) });

describe('a problem in words', () => {
  test.each([
    ['ECONNREFUSED', 'http://plant:8080', 'Nothing answers at plant:8080.'],
    ['ENOTFOUND', 'http://plant', 'There is no host plant.'],
    ['CERT_HAS_EXPIRED', 'https://plant', 'The certificate of plant has expired.'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'https://plant', 'The certificate of plant is for another name.'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'https://plant', 'The certificate of plant isn’t signed by an authority that is trusted here.'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'https://plant', 'plant doesn’t use TLS.'],
    ['ECONNRESET', 'http://plant', 'plant doesn’t answer.'],
  ])('%s', (code, url, message) => {
    expect(causeCode(caused(code))).toBe(code);
    const problem = problemOf(caused(code), url);
    expect(problem).toMatchObject({ code: 'unavailable', message });
    expect(problem.hint).toBeTruthy();
  });

  test('an error of the backend is passed on unchanged', () => {
    const said = new AppError('forbidden', 'This needs OPERATOR.', { hint: 'Ask an administrator.' });
    expect(problemOf(said, 'http://plant')).toEqual({ code: 'forbidden', message: 'This needs OPERATOR.', hint: 'Ask an administrator.' });
  });
});

describe('contracts', () => {
  test('one in common is enough', () => expect(contractProblem({ current: 2, oldest: 1 }, '0.2.0')).toBeNull());
  test('a newer backend alone asks for a newer console', () =>
    expect(contractProblem({ current: contractVersion + 2, oldest: contractVersion + 1 }, '0.3.0')?.hint).toMatch(/Update this console/));
  test('an older backend asks for its own update', () =>
    expect(contractProblem({ current: 0, oldest: 0 }, '0.0.1')?.hint).toMatch(/Update the backend/));
});

describe('back-off', () => {
  const bounds = { baseMs: 250, capMs: 10_000 };
  test('waits anything up to a doubling limit, and never more than the cap', () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 50].map((attempt) => fullJitter(attempt, bounds, () => 1));
    expect(longest).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    expect(fullJitter(6, bounds, () => 0)).toBe(0);
  });
});
