import { jwtVerify, SignJWT } from 'jose';
import { type Caller, caller as callerSchema } from '#common/contract/auth.ts';
import { AppError } from '#common/contract/errors.ts';

const issuer = 'watchfloor';
/** Differs from the audience of access tokens, so that neither is accepted as the other. */
const audience = 'watchfloor-service';
/** Lifetime of a caller token, seconds: long enough for one call between processes whose clocks differ a little. */
const lifetimeSeconds = 60;

/** Signs, with the shared key, the caller on whose behalf one process of the backend calls another. @param now epoch ms */
export function signCaller(key: Uint8Array, caller: Caller, now: number): Promise<string> {
  const issuedAt = Math.floor(now / 1_000);
  return new SignJWT({ caller })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(key);
}

/** @throws AppError token_invalid when it was not signed by a process of this backend within the last minute */
export async function verifyCaller(key: Uint8Array, token: string, now: number): Promise<Caller> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      issuer,
      audience,
      requiredClaims: ['exp', 'caller'],
      clockTolerance: lifetimeSeconds,
      currentDate: new Date(now),
    });
    return callerSchema.parse(payload['caller']);
  } catch (cause) {
    throw new AppError('token_invalid', 'The call was not signed by a service of this backend.', {
      hint: 'Give all services the same master key, and set the clocks of their computers.',
      cause,
    });
  }
}
