import { fillText, type Params } from '../../words/fill.ts';
import { type ImportCode, importTexts } from '../../words/rule-imports.ts';

/** Something that a person needs to know about an imported rule. Codes are stable; their sentences are in `common/words/rule-imports.ts`. */
export interface ImportNote {
  code: ImportCode;
  params: Params;
}

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

  constructor(code: ImportCode, params: Params = {}, span: Span | null = null) {
    super(fillText(importTexts[code].en, params, 'en'));
    this.note = { code, params };
    this.span = span;
  }
}
