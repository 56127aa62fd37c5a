import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.ts';
import { heading, runTests } from './test.ts';
import { type CountedFunction, linesOfCode, linesRun } from './tests/lines.ts';

/**
 * `npm run coverage`: runs the tests and prints, for each room of the code, how many of its lines they ran. With names after it, only
 * the test files whose path contains one of them.
 *
 * Node itself counts, in the tests and in every process they start, except where one is killed. Node runs the sources as they are, so
 * what needs a browser is not counted: components, and what only pages do.
 */
const root = fileURLToPath(new URL('..', import.meta.url));

interface Script {
  url: string;
  functions: CountedFunction[];
}

/** The files whose lines are counted, with the lines that have run so far. */
function openSources(): Map<string, { source: string; ran: boolean[] }> {
  const files = globSync('{common,main,backend-bundle,renderer}/**/*.ts', { cwd: root }).filter((file) => !/\.(test|d)\.ts$/.test(file));
  return new Map(files.map((file) => [file, { source: readFileSync(join(root, file), 'utf8'), ran: [] }]));
}

/** Returns the folder of a file, deep enough to separate services, features and ports. */
function roomOf(file: string): string {
  const folders = file.split('/').slice(0, -1);
  const depth = /^(main\/core|backend-bundle\/(services|engines)|renderer\/(features|domain|charts))\//.test(file) ? 3 : 2;
  return folders.slice(0, depth).join('/');
}

function countInto(sources: ReturnType<typeof openSources>, folder: string): void {
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: Script[] };
    for (const { url, functions } of result) {
      if (!url.startsWith(`file://${root}`)) continue;
      const file = sources.get(fileURLToPath(url.replace(/\?.*$/, '')).slice(root.length));
      if (file === undefined) continue;
      for (const [line, ran] of linesRun(file.source, functions).entries()) file.ran[line] ||= ran;
    }
  }
}

function printTable(sources: ReturnType<typeof openSources>): void {
  const rooms = new Map<string, { ran: number; lines: number }>();
  for (const [file, { source, ran }] of sources) {
    const room = rooms.get(roomOf(file)) ?? { ran: 0, lines: 0 };
    for (const [line, isCode] of linesOfCode(source).entries()) {
      room.lines += isCode ? 1 : 0;
      room.ran += isCode && ran[line] === true ? 1 : 0;
    }
    rooms.set(roomOf(file), room);
  }
  for (const [name, { ran, lines }] of [...rooms].sort(([a], [b]) => a.localeCompare(b))) {
    if (lines > 0) console.log(`${Math.round((100 * ran) / lines)} %`.padStart(6), `${ran} of ${lines}`.padStart(14), ` ${name}`);
  }
}

const only = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'watchfloor-coverage-'));
try {
  await ensureBuilt();
  // Node cannot load components, so neither the tests that do.
  const excluded = globSync('{renderer,scripts}/**/*.test.ts', { cwd: root }).filter((file) =>
    /from '[^']*\.tsx'/.test(readFileSync(join(root, file), 'utf8')),
  );
  const options = ['--experimental.viteModuleRunner=false', ...excluded.map((file) => `--exclude=${file}`)];
  const report = await runTests(['unit', 'engines', 'e2e'], [...options, ...only], {
    NODE_V8_COVERAGE: folder,
    WATCHFLOOR_SOURCES: '1',
  });
  const sources = openSources();
  countInto(sources, folder);
  heading('lines run by the tests');
  printTable(sources);
  const failed = report.failures.length + report.crashes.length;
  if (failed > 0) console.log(`\n${failed} failed: the figures lack what those tests would have run.`);
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
