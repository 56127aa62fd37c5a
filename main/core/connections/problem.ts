import { UnreachableError } from '#common/contract/client.ts';
import type { Problem } from '#common/contract/console/connections.ts';
import { AppError } from '#common/contract/errors.ts';
import { formatSetDuration } from '#common/format.ts';
import { problem } from '#common/words/problems.ts';

/** Nothing was received for too long on a connection that looks open. */
export class SilenceError extends UnreachableError {
  readonly silenceMs: number;

  constructor(silenceMs: number) {
    super(`Nothing was received for ${formatSetDuration(silenceMs)}.`);
    this.silenceMs = silenceMs;
  }
}

/** The code of the innermost cause: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, … */
export function causeCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string' && !(at instanceof AppError)) return code;
    if (at instanceof AggregateError && at.errors.length > 0) return causeCode(at.errors[0]);
  }
  return '';
}

/** True when a connection was made and the certificate is what stopped it. */
export function isCertificateProblem(code: string): boolean {
  return /CERT|^UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO/.test(code);
}

function certificateProblem(code: string, host: string): Problem {
  if (/^ERR_SSL|^EPROTO/.test(code)) return problem('no_tls', { host });
  if (code === 'CERT_HAS_EXPIRED') return problem('certificate_expired', { host });
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return problem('certificate_other_name', { host });
  return problem('certificate_untrusted', { host });
}

const networkReasons: Record<string, 'connection_refused' | 'host_unknown' | 'host_lookup_failed' | 'no_route'> = {
  ECONNREFUSED: 'connection_refused',
  ENOTFOUND: 'host_unknown',
  EAI_AGAIN: 'host_lookup_failed',
  ENETUNREACH: 'no_route',
  EHOSTUNREACH: 'no_route',
};

/** Turns an error of a connection into a problem that a person can act on. */
export function problemOf(error: unknown, url: string): Problem {
  if (error instanceof AppError) return error.toProblem();
  const { host } = new URL(url);
  const code = causeCode(error);
  if (isCertificateProblem(code)) return certificateProblem(code, host);
  if (error instanceof SilenceError) return problem('silence', { host, silenceMs: error.silenceMs });
  return problem(networkReasons[code] ?? 'no_answer', { host });
}
