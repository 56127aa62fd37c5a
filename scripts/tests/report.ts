/** The report of a Vitest run for the summary of `npm test`. */
export interface RunReport {
  tests: FinishedTest[];
  failures: Failure[];
  /** Files whose tests did not end, because the process that ran them did. */
  crashes: { file: string; reason: string }[];
}

export interface FinishedTest {
  file: string;
  name: string;
  state: 'passed' | 'failed' | 'skipped';
  durationMs: number;
}

export interface Failure {
  file: string;
  /** The test, or what else failed in the file. */
  name: string;
  /** Why: the error as plain text, without colours. */
  error: string;
}

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** Maximum length of the reasons, so that the summary fits into the end of a log that continuous integration keeps. */
const maxReasonsLength = 7_000;
const maxLines = 14;
const maxLineLength = 400;
const maxNames = 40;

/** Adds up several runs. A crash and a failure outside of tests count as failed tests, so that they cannot be overlooked. */
export function totalsOf({ tests, failures, crashes }: RunReport): Totals {
  const count = (state: FinishedTest['state']) => tests.filter((test) => test.state === state).length;
  return { passed: count('passed'), failed: failures.length + crashes.length, skipped: count('skipped') };
}

/** Lists the ten slowest tests, the files that crashed and every failure with the first lines of its error. */
export function summaryOf(report: RunReport): string {
  const slowest = report.tests.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, 10);
  const sections = [
    section(
      'slowest ten',
      slowest.map(({ durationMs, file, name }) => `${(durationMs / 1000).toFixed(1).padStart(6)} s  ${file}: ${name}`),
    ),
    section(
      'crashed',
      report.crashes.map(({ file, reason }) => `${file}\n${excerpt(reason, 3)}`),
    ),
    section('failed', reasons(report.failures)),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function section(title: string, entries: readonly string[]): string {
  return entries.length === 0 ? '' : [`── ${title} ──`, ...entries].join('\n');
}

/** Each failure with its error while there is room, then names alone, then how many more there are. */
function reasons(failures: readonly Failure[]): string[] {
  let room = maxReasonsLength;
  const entries = failures.slice(0, maxNames).map(({ file, name, error }) => {
    const title = clip(`${file}: ${name}`);
    const entry = `${title}\n${excerpt(error, maxLines)}`;
    if (entry.length > room) return title;
    room -= entry.length;
    return entry;
  });
  const more = failures.length - entries.length;
  return more > 0 ? [...entries, `and ${more} more`] : entries;
}

function excerpt(text: string, lines: number): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, lines)
    .map((line) => `    ${clip(line)}`)
    .join('\n');
}

function clip(line: string): string {
  return line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line;
}
