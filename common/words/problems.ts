import { AppError, type ErrorCode, type Params } from '#common/contract/errors.ts';
import { codeTexts } from './codes.ts';
import { fillText, type HolesOf, type Language } from './fill.ts';
import { describeConnection } from './own-backend.ts';
import { arabicProblems } from './problems.ar.ts';
import { problems } from './problems.en.ts';

type Table = typeof problems;
/** What exactly went wrong, for the problems that have a text of their own. Finer than an error code, and as stable. */
export type ProblemReason = keyof Table;

type TextsOf<R extends ProblemReason> = Table[R] extends { message: infer M extends string; hint: infer H extends string }
  ? M | H
  : Table[R]['message'];
/** The parameters that the texts of a reason have holes for. */
export type ParamsOf<R extends ProblemReason> = { [Hole in HolesOf<TextsOf<R>>]: string | number };

/** An error or a notice of one as it travels: the English text for logs and scripts, the reason and its parameters for screens. */
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

/** The problem of a reason, with its English text. */
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

/** The error of a reason: its code, its English text, and what a screen needs to say it in another language. */
export function problemError<R extends ProblemReason>(
  reason: R,
  params: ParamsOf<R>,
  more: { field?: string | undefined; cause?: unknown } = {},
): AppError {
  const { code, message, ...rest } = problem(reason, params);
  return new AppError(code, message, { ...rest, ...more });
}

interface Told {
  code?: string | undefined;
  message: string;
  hint?: string | undefined;
  reason?: string | undefined;
  params?: Params | undefined;
}

/**
 * The text of a problem in a language. One without a known reason, as from a backend, is described by its code there; its own English
 * sentence follows, since it names the thing.
 */
export function describeProblem(
  { code, message, hint, reason, params = {} }: Told,
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
