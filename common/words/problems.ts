import { AppError, type ErrorCode, type Params } from '#common/contract/errors.ts';
import { codeTexts } from './codes.ts';
import { fillText, type HolesOf, type Language } from './fill.ts';
import { describeConnection } from './own-backend.ts';
import { arabicProblems } from './problems.ar.ts';
import { problems } from './problems.en.ts';

type Table = typeof problems;
/** The reason of a problem with its own text. Finer than an error code, and as stable. */
export type ProblemReason = keyof Table;

type TextsOf<R extends ProblemReason> = Table[R] extends { message: infer M extends string; hint: infer H extends string }
  ? M | H
  : Table[R]['message'];
/** The parameters of a reason's texts. */
export type ParamsOf<R extends ProblemReason> = { [Hole in HolesOf<TextsOf<R>>]: string | number };

/** A problem as it is sent: the English text for logs and scripts, the reason and its parameters for screens. */
export interface ProblemBody {
  code: ErrorCode;
  message: string;
  hint?: string;
  reason: ProblemReason;
  params: Params;
}

function isReason(reason: string | undefined): reason is ProblemReason {
  return reason !== undefined && Object.hasOwn(problems, reason);
}

/** Creates the problem for a reason, with its English text. */
export function problem<R extends ProblemReason>(reason: R, params: ParamsOf<R>): ProblemBody {
  const { code, message, hint } = problems[reason] as { code: ErrorCode; message: string; hint?: string };
  return {
    code,
    message: fillText(message, params, 'en'),
    ...(hint === undefined ? {} : { hint: fillText(hint, params, 'en') }),
    reason,
    params,
  };
}

/** Creates the error for a reason: its code, its English text, and what a screen needs to write it in another language. */
export function problemError<R extends ProblemReason>(
  reason: R,
  params: ParamsOf<R>,
  more: { field?: string | undefined; cause?: unknown } = {},
): AppError {
  const { code, message, ...rest } = problem(reason, params);
  return new AppError(code, message, { ...rest, ...more });
}

interface ProblemFields {
  code?: string | undefined;
  message: string;
  hint?: string | undefined;
  reason?: string | undefined;
  params?: Params | undefined;
}

/**
 * Returns the text of a problem in a language. A problem without a known reason, such as one from a backend, is described by its code,
 * followed by its English sentence, which has the details.
 */
export function describeProblem(
  { code, message, hint, reason, params = {} }: ProblemFields,
  language: Language,
): { message: string; hint?: string } {
  if (isReason(reason)) {
    const texts: { message: string; hint?: string } = language === 'en' ? problems[reason] : arabicProblems[reason];
    const { connection } = params;
    const shown = typeof connection === 'string' ? { ...params, connection: describeConnection(connection, language) } : params;
    return {
      message: fillText(texts.message, shown, language),
      ...(texts.hint === undefined ? {} : { hint: fillText(texts.hint, shown, language) }),
    };
  }
  if (language === 'en' || code === undefined || !Object.hasOwn(codeTexts, code))
    return { message, ...(hint === undefined ? {} : { hint }) };
  const general = codeTexts[code as ErrorCode][language];
  return { message: general, hint: hint === undefined ? message : `${message} ${hint}` };
}
