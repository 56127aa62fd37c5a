import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { Agent, fetch as fetchWithAgent } from 'undici';
import { problemError } from '#common/words/problems.ts';

/**
 * The HTTP transport to one backend. It has its own sockets, which closing it closes, and trusts the backend's private certificate
 * authority only here.
 */
export interface HttpTransport {
  fetch: typeof fetch;
  close(): Promise<void>;
}

const connectTimeoutMs = 5_000;

/** @param ca PEM of a certificate authority trusted in addition to the public ones */
export function openTransport(ca: string | null): HttpTransport {
  const agent = new Agent({
    connect: { timeout: connectTimeoutMs, ...(ca === null ? {} : { ca: [...rootCertificates, ca] }) },
    // An event stream has no end; its heartbeats show whether it is alive. Calls have their own time limit.
    bodyTimeout: 0,
  });
  // undici's fetch is the one in Node, taken from the package to reach its agent; only the names of its types differ.
  const send = fetchWithAgent as unknown as (input: unknown, init: object) => Promise<Response>;
  return {
    fetch: (input, init) => send(input, { ...init, dispatcher: agent }),
    close: () => agent.destroy(),
  };
}

/** @throws AppError `validation_failed` naming `ca` when the text holds no readable certificate. */
export function checkAuthority(ca: string): void {
  try {
    new X509Certificate(ca);
  } catch (cause) {
    throw problemError('certificate_unreadable', {}, { field: 'ca', cause });
  }
}
