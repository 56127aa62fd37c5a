/** What is known of a failure, from an `AppError`, a `Problem`, a validator's error, or anything thrown. */
export function describeError(error: unknown): { code: string; message: string; hint?: string; requestId?: string } {
  if (typeof error === 'object' && error !== null && 'message' in error) {
    const { code, message, hint, requestId, issues } = error as Record<'code' | 'message' | 'hint' | 'requestId' | 'issues', unknown>;
    // The message of a validator's error is all its findings as JSON; the first of them is a sentence.
    const finding = Array.isArray(issues) ? (issues[0] as { message?: unknown } | undefined)?.message : undefined;
    return {
      code: typeof code === 'string' ? code : 'internal',
      message: typeof finding === 'string' ? finding : String(message),
      ...(typeof hint === 'string' ? { hint } : {}),
      ...(typeof requestId === 'string' ? { requestId } : {}),
    };
  }
  return { code: 'internal', message: String(error) };
}
