import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Role } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';

/** Lifetime of an access token, seconds. It ends earlier if its session does. */
export const accessTokenSeconds = 15 * 60;
const issuer = 'watchfloor';
const audience = 'watchfloor-api';

const claims = z
  .object({ sub: z.string(), sid: z.string(), exp: z.number() })
  .transform(({ sub, sid, exp }): AccessToken => ({ userId: sub, sessionId: sid, expiresAt: exp * 1000 }));

export interface TokenSubject {
  id: string;
  username: string;
  role: Role;
}

export interface AccessToken {
  userId: string;
  sessionId: string;
  /** Epoch ms. */
  expiresAt: number;
}

/** @param now epoch ms */
export function signAccessToken(key: Uint8Array, subject: TokenSubject, sessionId: string, now: number): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  return new SignJWT({ name: subject.username, role: subject.role, sid: sessionId })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(subject.id)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + accessTokenSeconds)
    .sign(key);
}

/** @returns the subject of the token; this does not check whether the session still exists @throws AppError token_expired, token_invalid */
export async function verifyAccessToken(key: Uint8Array, token: string, now: number): Promise<AccessToken> {
  try {
    const { payload } = await jwtVerify(token, key, {
      // A fixed algorithm rejects `none` and tokens signed for another purpose.
      algorithms: ['HS256'],
      issuer,
      audience,
      requiredClaims: ['sub', 'exp', 'sid'],
      currentDate: new Date(now),
    });
    return claims.parse(payload);
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
