import { UnreachableError } from '#common/contract/client.ts';
import type { Problem } from '#common/contract/console/connections.ts';
import { AppError } from '#common/contract/errors.ts';

/** Nothing was heard for too long on a connection that looks open. */
export class SilenceError extends UnreachableError {}

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
  const message =
    code === 'CERT_HAS_EXPIRED'
      ? `The certificate of ${host} has expired.`
      : code === 'ERR_TLS_CERT_ALTNAME_INVALID'
        ? `The certificate of ${host} is for another name.`
        : /^ERR_SSL|^EPROTO/.test(code)
          ? `${host} does not speak TLS.`
          : `The certificate of ${host} is not signed by an authority that is trusted here.`;
  const hint = /^ERR_SSL|^EPROTO/.test(code)
    ? 'Use an address that starts with http://, or put TLS in front of the backend.'
    : code === 'CERT_HAS_EXPIRED'
      ? 'Renew the certificate on the backend, and check the clock of this computer.'
      : code === 'ERR_TLS_CERT_ALTNAME_INVALID'
        ? 'Use the name that the certificate was made for.'
        : 'Give the certificate of its private authority in the settings of this connection.';
  return { code: 'unavailable', message, hint };
}

/** What went wrong, in words a person can act on. */
export function problemOf(error: unknown, url: string): Problem {
  if (error instanceof AppError) {
    return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
  const { host } = new URL(url);
  const code = causeCode(error);
  if (isCertificateProblem(code)) return certificateProblem(code, host);
  const network: Record<string, [string, string]> = {
    ECONNREFUSED: [`Nothing answers at ${host}.`, 'Check that the backend runs and that the port is right.'],
    ENOTFOUND: [`There is no host ${host}.`, 'Check the name, and this computer’s network.'],
    EAI_AGAIN: [`The name ${host} cannot be looked up now.`, 'Check this computer’s network.'],
    ENETUNREACH: [`No network leads to ${host}.`, 'Check this computer’s network.'],
    EHOSTUNREACH: [`No network leads to ${host}.`, 'Check this computer’s network.'],
  };
  const [message, hint] =
    error instanceof SilenceError
      ? [error.message, 'The network between may be down; the console keeps trying.']
      : (network[code] ?? [`${host} does not answer.`, 'Check that the backend runs; the console keeps trying.']);
  return { code: 'unavailable', message, hint };
}
