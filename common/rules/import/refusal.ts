import type { Params } from '../../words/fill.ts';
import type { FileMistake } from '../../words/rule-files.ts';
import { describeImport, type ImportCode, type ImportNote } from '../../words/rule-imports.ts';

export type { ImportNote };

/** A part of an expression: from a character to before another, counted from 0. */
export interface Span {
  from: number;
  to: number;
}

/** Thrown when a rule, or its expression, has no counterpart; says why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly note: ImportNote;
  /** The part of the expression that is refused; null if it is another field of the rule. */
  readonly span: Span | null;

  constructor(code: ImportCode, params: Params = {}, span: Span | null = null, mistake?: FileMistake) {
    const note: ImportNote = { code, params, ...(mistake && { mistake }) };
    super(describeImport(note, 'en'));
    this.note = note;
    this.span = span;
  }
}
