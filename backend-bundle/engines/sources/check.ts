import { AppError } from '#common/contract/errors.ts';
import type { SourceCheck, WriteAccess } from '#common/contract/sources.ts';

/** The result of checking a source that answers. */
interface Findings {
  serverVersion: string;
  writeAccess: WriteAccess;
  /** How to take the access away, if the account can write. */
  hint: string;
}

/** Texts that say whether the account could change the source. */
const accessMessage = {
  'read-only': 'The source answers, and the account can only read.',
  'can-write': 'The source answers, but the account could change its data; loaders need read access only.',
  unknown: 'The source answers; whether the account could change its data is not known.',
} as const;

/** Runs the check of a source and measures how long it takes. An error of `work` is a result too. */
export async function checkResult(work: () => Promise<Findings>): Promise<SourceCheck> {
  const startedAt = performance.now();
  const latencyMs = () => Math.round(performance.now() - startedAt);
  try {
    const { hint, ...found } = await work();
    const message = accessMessage[found.writeAccess];
    return { ok: true, latencyMs: latencyMs(), ...found, message, ...(found.writeAccess === 'can-write' ? { hint } : {}) };
  } catch (error) {
    const known = error instanceof AppError ? error : undefined;
    return {
      ok: false,
      latencyMs: latencyMs(),
      writeAccess: 'unknown',
      message: known?.message ?? 'The check failed for a reason that is not known; see the log.',
      ...(known?.hint === undefined ? {} : { hint: known.hint }),
    };
  }
}
