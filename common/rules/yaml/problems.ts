import { AppError } from '../../contract/errors.ts';
import type { Language } from '../../format.ts';
import { describeFileMistake, type FileMistake } from '../../words/rule-files.ts';

/** One mistake in a file: where it is, and what is wrong. Line and column count from 1. */
export interface FileProblem {
  file: string;
  line: number;
  column: number;
  /** Dotted path of the field, as the file names it; empty if the mistake is in the file itself. */
  field: string;
  mistake: FileMistake;
}

/** Maximum number of mistakes that are listed. */
const maxListed = 50;

/** Thrown when files of rules can't be read. Its message lists the mistakes in English. */
export class RuleFileError extends AppError {
  readonly problems: readonly FileProblem[];

  constructor(problems: readonly FileProblem[]) {
    super('validation_failed', listFileProblems(problems, 'en'), { field: problems[0]?.field });
    this.name = 'RuleFileError';
    this.problems = problems;
  }
}

/** Lists mistakes, each on a line: `file:line:column: field: how to mend it`. */
export function listFileProblems(problems: readonly FileProblem[], language: Language): string {
  const lines = problems.slice(0, maxListed).map((problem) => printProblem(problem, language));
  const more = problems.length - maxListed;
  return [...lines, ...(more > 0 ? [describeFileMistake({ code: 'more', params: { count: more } }, language)] : [])].join('\n');
}

function printProblem({ file, line, column, field, mistake }: FileProblem, language: Language): string {
  const place = `${file}:${line}:${column}${field === '' ? '' : `: ${field}`}`;
  // Names of files and fields are written from left to right, also before an Arabic sentence.
  return `${language === 'ar' ? `⁦${place}⁩` : place}: ${describeFileMistake(mistake, language)}`;
}
