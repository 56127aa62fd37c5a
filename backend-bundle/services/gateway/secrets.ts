import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret with 256 bits of chance; the prefix tells people and secret scanners what it is. */
export function newSecret(prefix: 'wfk' | 'wfr'): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** Random secrets need no slow hash: one round of SHA-256 is as far from guessable as the secret itself. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares two hashes in a time that says nothing about where they differ. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')];
  return left.length === right.length && timingSafeEqual(left, right);
}
