import { X509Certificate } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { isLoopback } from './options.ts';

/**
 * The host names of this console, lower case, without port. Requests for other names are refused, so that a foreign page whose name
 * resolves to this computer (DNS rebinding) can't use the console.
 */
export function ownNames(listenHost: string, certificate: string | null): Set<string> {
  const names = new Set(['localhost', '127.0.0.1', '[::1]']);
  if (isLoopback(listenHost)) return names.add(bracketed(listenHost));
  names.add(bracketed(listenHost.toLowerCase())).add(hostname().toLowerCase());
  for (const addresses of Object.values(networkInterfaces())) for (const { address } of addresses ?? []) names.add(bracketed(address));
  if (certificate !== null) {
    const alternatives = new X509Certificate(certificate).subjectAltName ?? '';
    for (const [, name] of alternatives.matchAll(/DNS:([^,\s]+)/g)) if (name) names.add(name.toLowerCase());
  }
  return names;
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

export interface Asked {
  host: string | undefined;
  origin: string | undefined;
}

/**
 * Returns true if a request is for this console and, if it names its origin, comes from this console's own page.
 * @param needsOrigin true for a WebSocket: browsers always send its origin
 */
export function isOwnRequest({ host, origin }: Asked, names: Set<string>, secure: boolean, needsOrigin: boolean): boolean {
  const name = /^(\[[0-9a-f:.]+\]|[^:]+)(?::\d+)?$/i.exec(host ?? '')?.[1]?.toLowerCase();
  if (name === undefined || !names.has(name)) return false;
  if (origin === undefined) return !needsOrigin;
  return origin === `${secure ? 'https' : 'http'}://${host}`;
}
