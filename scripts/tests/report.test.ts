import { expect, test } from 'vitest';
import { type Failure, type FinishedTest, type RunReport, summaryOf, totalsOf } from './report.ts';

const finished = (name: string, durationMs: number, state: FinishedTest['state'] = 'passed'): FinishedTest => {
  return { file: 'test/some.test.ts', name, state, durationMs };
};
const failure = (name: string, error: string): Failure => ({ file: 'test/some.test.ts', name, error });
const reportOf = (part: Partial<RunReport>): RunReport => ({ tests: [], failures: [], crashes: [], ...part });

test('the ten slowest tests are listed, slowest first', () => {
  const summary = summaryOf(reportOf({ tests: Array.from({ length: 12 }, (_, i) => finished(`test ${i}`, i * 1_000)) }));
  expect(summary.split('\n')).toEqual([
    '── slowest ten ──',
    ...Array.from({ length: 10 }, (_, i) => `${(11 - i).toFixed(1).padStart(6)} s  test/some.test.ts: test ${11 - i}`),
  ]);
});

test('every failure is shown with its file, its name and the first lines of its error', () => {
  const error = ['Error: 2 is not 3', '', ...Array.from({ length: 30 }, (_, i) => `line ${i}`)].join('\n');
  const lines = summaryOf(reportOf({ failures: [failure('adds up', error)] })).split('\n');
  expect(lines.slice(0, 3)).toEqual(['── failed ──', 'test/some.test.ts: adds up', '    Error: 2 is not 3']);
  expect(lines).toContain('    line 12');
  expect(lines).not.toContain('    line 13');
});

test('a file whose process ended is named with the reason, and counts as failed', () => {
  const report = reportOf({ tests: [finished('a', 1)], crashes: [{ file: 'test/some.test.ts', reason: 'SIGSEGV' }] });
  expect(summaryOf(report)).toContain('── crashed ──\ntest/some.test.ts\n    SIGSEGV');
  expect(totalsOf(report)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('a failed hook counts though no test of it failed', () => {
  const report = reportOf({ tests: [finished('a', 1), finished('b', 1, 'skipped')], failures: [failure('(clean-up)', 'x')] });
  expect(totalsOf(report)).toEqual({ passed: 1, failed: 1, skipped: 1 });
});

test('however much fails, the summary fits into the end of a log that is kept', () => {
  const long = Array.from({ length: 40 }, () => 'x'.repeat(2_000)).join('\n');
  const failures = Array.from({ length: 300 }, (_, i) => failure(`test ${i}`, long));
  const tests = Array.from({ length: 300 }, (_, i) => finished(`test ${i}`, i));
  const summary = summaryOf(reportOf({ tests, failures }));
  expect(summary.length).toBeLessThan(12_000);
  expect(summary).toContain('test 39');
  expect(summary).toMatch(/and 260 more$/);
});
