import { randomInt } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.ts';
import { heading, runTests } from './test.ts';
import { summaryOf, totalsOf } from './tests/report.ts';

/**
 * `npm run explore`: the tests that draw by chance, in rounds with a new seed each, until one fails or the process is ended.
 * With names after it, only the test files whose path contains one of them.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const only = process.argv.slice(2);
const files = globSync('{common,main,preload,backend-bundle,renderer,scripts,test}/**/*.test.{ts,tsx}', { cwd: root })
  .filter((file) => /from '(fast-check|.*\/support\/chance\.ts)'/.test(readFileSync(`${root}/${file}`, 'utf8')))
  .filter((file) => only.length === 0 || only.some((part) => file.includes(part)));

if (files.length === 0) {
  console.error(`No test that draws by chance has ${only.join(' or ')} in its path.`);
  process.exit(2);
}
await ensureBuilt();
for (let round = 1; ; round += 1) {
  const seed = randomInt(2 ** 31);
  heading(`round ${round}: WATCHFLOOR_TEST_SEED=${seed}`);
  const report = await runTests(['unit', 'engines'], files, { WATCHFLOOR_TEST_SEED: String(seed), WATCHFLOOR_EXPLORE: '1' });
  if (totalsOf(report).failed === 0) continue;
  console.log(
    `\n${summaryOf(report)}\n\nAgain: WATCHFLOOR_TEST_SEED=${seed} WATCHFLOOR_EXPLORE=1 npm test -- ${report.failures[0]?.file ?? ''}`,
  );
  process.exit(1);
}
