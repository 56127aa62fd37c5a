import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Returns a random secret of 256 bits. Its prefix shows people and secret scanners what it is. */
export function newSecret(prefix: 'wfk' | 'wfr'): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** Hashes a random secret. It needs no slow hash: one round of SHA-256 is as hard to guess as the secret itself. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares two hashes in constant time. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')];
  return left.length === right.length && timingSafeEqual(left, right);
}
