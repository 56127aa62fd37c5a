import { AppError } from '../../contract/errors.ts';

/** One mistake in a file: where it is, and how to mend it. Line and column count from 1. */
export interface FileProblem {
  file: string;
  line: number;
  column: number;
  /** Dotted path of the field, as the file names it; empty if the mistake is in the file itself. */
  field: string;
  message: string;
}

/** Maximum number of mistakes that the message lists. */
const maxListed = 50;

/** Thrown when files of rules can't be read. Its message lists the mistakes as `file:line:column: field: how to mend it`. */
export class RuleFileError extends AppError {
  readonly problems: readonly FileProblem[];

  constructor(problems: readonly FileProblem[]) {
    const more = problems.length - maxListed;
    const lines = problems.slice(0, maxListed).map(printProblem);
    super('validation_failed', [...lines, ...(more > 0 ? [`… and ${more} more.`] : [])].join('\n'), { field: problems[0]?.field });
    this.name = 'RuleFileError';
    this.problems = problems;
  }
}

function printProblem({ file, line, column, field, message }: FileProblem): string {
  return `${file}:${line}:${column}: ${field === '' ? '' : `${field}: `}${message}`;
}
