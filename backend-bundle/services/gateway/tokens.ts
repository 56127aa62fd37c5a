import { errors, jwtVerify, SignJWT } from 'jose';
import type { Role } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';

/** How long an access token lives, seconds: short, because it cannot be taken back. */
export const accessTokenSeconds = 15 * 60;
const issuer = 'watchfloor';
const audience = 'watchfloor-api';

export interface Subject {
  id: string;
  username: string;
  role: Role;
}

/** @param now epoch ms */
export function signAccessToken(key: Uint8Array, subject: Subject, now: number): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  return new SignJWT({ name: subject.username, role: subject.role })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(subject.id)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + accessTokenSeconds)
    .sign(key);
}

/**
 * @returns the id of the user the token was given to
 * @throws AppError token_expired, token_invalid
 */
export async function verifyAccessToken(key: Uint8Array, token: string, now: number): Promise<string> {
  try {
    const { payload } = await jwtVerify(token, key, {
      // Naming the algorithm is what refuses `none` and tokens signed for another purpose.
      algorithms: ['HS256'],
      issuer,
      audience,
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(now),
    });
    return payload.sub ?? '';
  } catch (cause) {
    if (cause instanceof errors.JWTExpired) {
      throw new AppError('token_expired', 'The access token has expired.', {
        hint: 'Exchange the refresh token at /api/v1/auth/refresh, or sign in again.',
        cause,
      });
    }
    throw new AppError('token_invalid', 'The access token was not issued by this backend.', { hint: 'Sign in again.', cause });
  }
}
