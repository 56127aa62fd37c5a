import type { Language } from '#common/format.ts';
import type { Params } from '#common/words/fill.ts';
import { describeProblem } from '#common/words/problems.ts';

/** Returns the page's current language, for texts created outside components. */
function pageLanguage(): Language {
  return typeof document !== 'undefined' && document.documentElement.lang === 'ar' ? 'ar' : 'en';
}

interface Known {
  code?: unknown;
  message: unknown;
  hint?: unknown;
  reason?: unknown;
  params?: unknown;
  requestId?: unknown;
  issues?: unknown;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Describes a failure in the person’s language: an `AppError`, a `Problem`, a validator’s error, or anything thrown. */
export function describeError(
  error: unknown,
  language: Language = pageLanguage(),
): { code: string; message: string; hint?: string; requestId?: string } {
  if (typeof error !== 'object' || error === null || !('message' in error)) return { code: 'internal', message: String(error) };
  const { code, message, hint, reason, params, requestId, issues } = error as Known;
  // The message of a validator’s error is its issues as JSON; the first one’s message is a sentence.
  const finding = Array.isArray(issues) ? (issues[0] as { message?: unknown } | undefined)?.message : undefined;
  const texts = describeProblem(
    {
      code: text(code),
      message: text(finding) ?? String(message),
      hint: text(hint),
      reason: text(reason),
      params: (params ?? {}) as Params,
    },
    language,
  );
  return { code: text(code) ?? 'internal', ...texts, ...(typeof requestId === 'string' ? { requestId } : {}) };
}
