import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../test/support/chromium.ts';
import { ensureBuilt } from './build.ts';
import { check } from './check.ts';
import { ensureEngines } from './engines.ts';
import { type RunReport, summaryOf, totalsOf } from './tests/report.ts';
import { temporaryFolder } from './tests/temporary.ts';

/**
 * `npm test`: checks, builds, then tests of units and of screens, integration and end-to-end tests, and one summary. With names after it, only the
 * test files whose path contains one of them. `scripts/explore.ts` calls it in rounds.
 */
const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs the tests of some projects and prints them as they end. @returns what they reported, and whether Vitest was content */
export async function runTests(projects: readonly string[], only: readonly string[], env: Record<string, string> = {}): Promise<RunReport> {
  const temporary = temporaryFolder();
  const folder = mkdtempSync(join(temporary, 'watchfloor-test-'));
  const file = join(folder, 'report.json');
  const args = [
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--passWithNoTests',
    '--reporter=./scripts/tests/reporter.ts',
    ...only,
  ];
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    stdio: 'inherit',
    // The hundreds of processes that follow reuse code that an earlier one compiled.
    env: {
      ...process.env,
      TMPDIR: temporary,
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
      ...env,
      WATCHFLOOR_TEST_REPORT: file,
    },
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('exit', (...ended) => resolve(ended)),
  );
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as RunReport;
    if (code !== 0 && report.failures.length + report.crashes.length === 0)
      report.failures.push({ file: projects.join(', '), name: 'Vitest', error: `It ended with ${code ?? signal} and names no failure.` });
    return report;
  } catch {
    const error = `Vitest ended with ${code ?? signal} before it could report; what it printed says more.`;
    return { tests: [], failures: [{ file: projects.join(', '), name: 'Vitest', error }], crashes: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function merge(reports: readonly RunReport[]): RunReport {
  return {
    tests: reports.flatMap(({ tests }) => tests),
    failures: reports.flatMap(({ failures }) => failures),
    crashes: reports.flatMap(({ crashes }) => crashes),
  };
}

export function heading(text: string): void {
  console.log(`\n── ${text} ──`);
}

async function main(only: readonly string[]): Promise<void> {
  const started = performance.now();
  heading('what the tests need');
  await ensureEngines();
  heading(only.length === 0 ? 'checks and build' : 'build');
  const building = ensureBuilt();
  // A build that fails while the checks still run is reported after them.
  building.catch(() => undefined);
  const checked = only.length === 0 ? await check() : { passed: 0, failed: 0 };
  await building;
  console.log(`Chromium: ${findChromium()}`);
  const reports: RunReport[] = [];
  // Unit tests first, because they find most in the least time.
  for (const projects of [
    ['unit', 'screens'],
    ['engines', 'e2e'],
  ]) {
    heading(projects.join(' and '));
    reports.push(await runTests(projects, only));
  }
  const report = merge(reports);
  const totals = totalsOf(report);
  const left = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
  if (process.env['CI'] && left.stdout) console.log(`The tests left files behind:\n${left.stdout}`);
  console.log(`\n${summaryOf(report)}`);
  if (checked.failed > 0) console.log(`\n${checked.failed} of the checks failed; the top of this output says why.`);
  console.log(`\n${Math.round((performance.now() - started) / 1000)} s`);
  console.log(`${totals.passed + checked.passed} passed, ${totals.failed + checked.failed} failed, ${totals.skipped} skipped`);
  process.exitCode = totals.failed + checked.failed === 0 && totals.passed > 0 ? 0 : 1;
}

if (import.meta.main) await main(process.argv.slice(2));
