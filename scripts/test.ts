import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../test/support/chromium.ts';
import { ensureBuilt } from './build.ts';
import { check } from './check.ts';
import { ensureEngines } from './engines.ts';

/**
 * `npm test`: checks, builds, then unit, integration and end-to-end tests, and one summary. With names after it, only the
 * test files whose path contains one of them.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const only = process.argv.slice(2);
const totals = { passed: 0, failed: 0, skipped: 0 };
const finished: FinishedTest[] = [];

interface FinishedTest {
  file: string;
  fullName: string;
  status: string;
  /** ms; absent for a test that did not run. */
  duration?: number;
}

/** The parts of Vitest's JSON report that the summary needs. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; assertionResults: Omit<FinishedTest, 'file'>[] }[];
}

async function runTests(project: string, ...flags: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-test-'));
  const file = join(folder, 'report.json');
  const args = [
    'run',
    '--project',
    project,
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...flags,
    ...only,
  ];
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], { cwd: root, stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    // A file that could not even be loaded has no assertions to count, but it failed.
    const broken = report.testResults.filter(
      (result) => result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed'),
    );
    for (const { name, assertionResults } of report.testResults) {
      finished.push(...assertionResults.map((test) => ({ ...test, file: relative(root, name) })));
    }
    finished.push(
      ...broken.map(({ name }) => ({ file: relative(root, name), fullName: '(the file could not be loaded)', status: 'failed' })),
    );
    totals.passed += report.numPassedTests;
    totals.failed += report.numFailedTests + broken.length;
    totals.skipped += report.numPendingTests + report.numTodoTests;
    if (code !== 0 && report.numFailedTests + broken.length === 0) totals.failed += 1;
  } catch {
    totals.failed += 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function heading(text: string): void {
  console.log(`\n── ${text} ──`);
}

/** Prints every failure with its file, so that nobody has to scroll for it, and the ten tests that took longest. */
function summarise(): void {
  const failed = finished.filter(({ status }) => status === 'failed');
  if (failed.length > 0) heading('failed');
  for (const { file, fullName } of failed) console.log(`${file}: ${fullName}`);
  heading('slowest ten');
  const slowest = finished.toSorted((a, b) => (b.duration ?? 0) - (a.duration ?? 0)).slice(0, 10);
  for (const { duration, file, fullName } of slowest) {
    console.log(`${((duration ?? 0) / 1000).toFixed(1).padStart(6)} s  ${file}: ${fullName}`);
  }
}

const started = performance.now();
heading('what the tests need');
await ensureEngines();
if (only.length === 0) {
  heading('checks');
  const checked = await check();
  totals.passed += checked.passed;
  totals.failed += checked.failed;
}
heading('build');
await ensureBuilt();
console.log(`Chromium: ${findChromium()}`);
for (const project of ['unit', 'engines', 'e2e']) {
  heading(project);
  // The whole product in a browser, several processes each: one story at a time.
  await runTests(project, ...(project === 'e2e' ? ['--maxWorkers=1'] : []));
}
const left = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
if (process.env['CI'] && left.stdout) console.log(`The tests left files behind:\n${left.stdout}`);
summarise();
console.log(`\n${Math.round((performance.now() - started) / 1000)} s`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
