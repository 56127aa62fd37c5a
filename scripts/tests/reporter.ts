import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestCase, TestModule, TestSpecification, Vitest } from 'vitest/node';
import type { Failure, FinishedTest, RunReport } from './report.ts';

type RunError = Parameters<NonNullable<Reporter['onTestRunEnd']>>[1][number];

/**
 * Prints one line for each test file as it ends, so that a person can follow, and each failure at once. At the end it writes
 * a `RunReport` to the file named by `WATCHFLOOR_TEST_REPORT`.
 */
export default class ProgressReporter implements Reporter {
  #vitest: Vitest | undefined;
  #files = 0;
  #ended = 0;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#files = specifications.length;
  }

  onUserConsoleLog({ content }: { content: string }): void {
    process.stdout.write(content.replace(/^(?=.)/gm, '            │ '));
  }

  onTestModuleEnd(module: TestModule): void {
    this.#ended += 1;
    const tests = [...module.children.allTests()];
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const verdict = module.state() === 'failed' ? 'FAILED' : module.state() === 'skipped' ? 'skip' : 'ok';
    const seconds = (module.diagnostic().duration / 1000).toFixed(1).padStart(6);
    const numbers = [`${count('passed')} passed`, ...(['failed', 'skipped'] as const).flatMap((state) => named(count(state), state))];
    const place = `${this.#ended}`.padStart(`${this.#files}`.length);
    console.log(`${place}/${this.#files} ${verdict.padEnd(6)} ${seconds} s  ${module.relativeModuleId} (${numbers.join(', ')})`);
    for (const { name, errors } of failuresIn(module)) {
      console.log(`\n  ${name}`);
      for (const error of errors) this.#vitest?.logger.printError(error, { project: module.project });
    }
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly RunError[]): void {
    const root = this.#vitest?.config.root ?? process.cwd();
    const pathOf = (file: unknown) => (typeof file === 'string' ? relative(root, file) : '(no file)');
    // A file that was started and has no result crashed; the error of the pool says how, and names the file in its cause.
    const pending = modules.filter((module) => module.state() === 'pending' || module.state() === 'queued');
    const isOfPool = (error: RunError) => /vitest-pool/.test(error.message);
    const report: RunReport = {
      tests: modules.flatMap((module) => [...module.children.allTests()].flatMap((test) => finished(module, test))),
      failures: [
        ...modules.flatMap((module) =>
          failuresIn(module).map(({ name, errors }): Failure => {
            return { file: module.relativeModuleId, name, error: errors.map(textOf).join('\n') };
          }),
        ),
        ...unhandled
          .filter((error) => !(isOfPool(error) && pending.some((module) => textOf(error).includes(module.moduleId))))
          .map((error): Failure => {
            const during = error['VITEST_TEST_NAME'] ? ` (during “${error['VITEST_TEST_NAME']}”)` : '';
            return { file: pathOf(error['VITEST_TEST_PATH']), name: `an error that nothing caught${during}`, error: textOf(error) };
          }),
      ],
      crashes: pending.map((module) => {
        const errors = unhandled.filter((error) => textOf(error).includes(module.moduleId));
        return { file: module.relativeModuleId, reason: errors.map(textOf).join('\n') || 'its tests did not end' };
      }),
    };
    const file = process.env['WATCHFLOOR_TEST_REPORT'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(report));
    for (const error of unhandled) this.#vitest?.logger.printError(error, { fullStack: true });
  }
}

function named(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}

function finished(module: TestModule, test: TestCase): FinishedTest[] {
  const { state } = test.result();
  const durationMs = test.diagnostic()?.duration ?? 0;
  return state === 'pending' ? [] : [{ file: module.relativeModuleId, name: test.fullName, state, durationMs }];
}

/** Tests that failed; then what failed around them: hooks, and the file itself when it could not be loaded. */
function failuresIn(module: TestModule): { name: string; errors: readonly RunError[] }[] {
  const tests = [...module.children.allTests('failed')].map((test) => ({ name: test.fullName, errors: test.result().errors ?? [] }));
  const suites = [...module.children.allSuites()].map((suite) => ({
    name: `${suite.fullName} (set-up or clean-up)`,
    errors: suite.errors(),
  }));
  const around = { name: '(the file, or its set-up or clean-up)', errors: module.errors() };
  return [...tests, ...[...suites, around].filter(({ errors }) => errors.length > 0)];
}

/** The message, the difference and the first place in the project's own code. */
function textOf(error: RunError): string {
  const { name, message, diff, stacks, cause } = error as RunError & { diff?: string; cause?: unknown };
  const place = stacks?.find(({ file }) => !file.includes('node_modules'));
  const lines = [
    `${name ?? 'Error'}: ${message}`,
    ...(diff ? [diff] : []),
    ...(place ? [`at ${relative(process.cwd(), place.file)}:${place.line}:${place.column}`] : []),
    ...(cause ? [`caused by ${(cause as RunError).message ?? cause}`] : []),
  ];
  return stripVTControlCharacters(lines.join('\n'));
}
