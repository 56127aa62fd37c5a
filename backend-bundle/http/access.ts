import type { FastifyReply, FastifyRequest } from 'fastify';
import { type EndpointShape, roleAllows } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import { callerHeader, contractHeader, contractVersion, oldestContract } from '#common/contract/version.ts';
import { type Allowance, RateLimiter } from '#common/rate-limit.ts';
import { minuteMs } from '#common/time/durations.ts';
import type { Authenticator } from '../services/authenticator.ts';
import type { Caller } from '../services/service.ts';
import { verifyCaller } from './caller-token.ts';
import { tooMany } from './errors.ts';

export interface Guard {
  /** Authenticates and authorises the caller before the body is read. @throws AppError with the reason */
  admit(request: FastifyRequest, reply: FastifyReply, endpoint: EndpointShape | undefined): Promise<Caller | null>;
}

/** Contract negotiation, authentication, rate limits and roles, in this order. */
export function makeGuard(options: {
  authenticator: Authenticator;
  requestsPerMinute: number;
  /** Key shared by the services of this backend. */
  serviceKey: Uint8Array;
  now: () => number;
}): Guard {
  const { authenticator } = options;
  const requests = new RateLimiter(options.requestsPerMinute, minuteMs, () => performance.now());

  const count = (reply: FastifyReply, key: string) => {
    const allowance = requests.take(key);
    setLimitHeaders(reply, allowance);
    if (!allowance.allowed) {
      throw tooMany(
        `More than ${allowance.limit} requests came within a minute.`,
        `Wait ${seconds(allowance.resetMs)} s. Ask for many charts in one call (/api/v1/charts/data) and listen to /api/v1/events instead of polling.`,
        allowance.resetMs,
      );
    }
  };

  return {
    async admit(request, reply, endpoint) {
      // Health is readable for every contract version: consoles learn from it which version this backend supports.
      if (!(endpoint?.role === 'PUBLIC' && endpoint.method === 'GET')) checkContract(request);
      const counted = endpoint?.rateLimited !== false;
      if (!endpoint || endpoint.role === 'PUBLIC') {
        if (counted) count(reply, `address ${request.ip}`);
        return null;
      }
      const signed = request.headers[callerHeader];
      if (typeof signed === 'string') {
        // The call comes from another process of this backend, which has already counted the original caller. Services are not rate
        // limited.
        const known = await verifyCaller(options.serviceKey, signed, options.now());
        checkRole(known, endpoint);
        return known;
      }
      let caller: Caller;
      try {
        caller = await identify(request, authenticator, endpoint.role === 'AGENT');
      } catch (error) {
        // Unauthenticated requests are limited by address; otherwise an address could send any number without a token. The holder of an
        // expired token is not counted with them, and must learn that it has expired even if others have used up the address's limit.
        if (!(error instanceof AppError && error.code === 'token_expired')) count(reply, `address ${request.ip}`);
        throw error;
      }
      if (counted) count(reply, `caller ${caller.id}`);
      checkRole(caller, endpoint);
      return caller;
    },
  };
}

/** @param agent whether the endpoint is for agents. @throws AppError token_missing, token_invalid; and as the authenticator */
async function identify(request: FastifyRequest, authenticator: Authenticator, agent: boolean): Promise<Caller> {
  const key = request.headers['x-api-key'];
  const authorization = request.headers.authorization;
  if (key === undefined && authorization === undefined) {
    throw new AppError('token_missing', agent ? 'An API key is needed here.' : 'A sign-in is needed here.', {
      hint: agent
        ? 'Send the agent’s key as X-Api-Key.'
        : 'Send Authorization: Bearer with the accessToken that POST /api/v1/auth/login gives.',
    });
  }
  if (typeof key === 'string') return authenticator.apiKey(key);
  const token = /^Bearer +([^\s]+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) {
    throw new AppError('token_invalid', 'The Authorization header is not of the form “Bearer TOKEN”.', {
      hint: 'Send Authorization: Bearer, a space, and the access token.',
    });
  }
  return authenticator.bearer(token);
}

function checkContract(request: FastifyRequest): void {
  const stated = request.headers[contractHeader];
  if (stated === undefined) return;
  const theirs = Number(stated);
  // A caller one version ahead may support ours too; it must know that itself.
  if (Number.isInteger(theirs) && theirs >= oldestContract && theirs <= contractVersion + 1) return;
  const accepted = oldestContract === contractVersion ? `${contractVersion}` : `${oldestContract} to ${contractVersion}`;
  throw new AppError('contract_mismatch', `This backend speaks contract ${accepted}; the caller speaks ${String(stated)}.`, {
    field: contractHeader,
    hint: theirs > contractVersion ? 'Update the backend.' : 'Update the console or agent that called.',
  });
}

/** @throws AppError forbidden */
export function checkRole(caller: Caller, endpoint: EndpointShape): void {
  const needed = endpoint.role;
  if (needed === 'PUBLIC') return;
  if (needed === 'SERVICE' || caller.role === 'SERVICE') {
    if (caller.role === 'SERVICE' && (needed === 'SERVICE' || needed === 'VIEWER')) return;
    throw new AppError(
      'forbidden',
      needed === 'SERVICE' ? 'Only services of this backend may call this.' : `A service may not: this needs ${needed}.`,
      {
        hint: needed === 'SERVICE' ? 'Use the endpoints that are meant for people and agents.' : 'Call it on behalf of a person.',
      },
    );
  }
  if (needed === 'AGENT' || caller.role === 'AGENT') {
    if (needed === caller.role) return;
    throw new AppError(
      'forbidden',
      needed === 'AGENT' ? 'Only agents may call this, with an API key.' : 'An agent’s API key does not open this.',
      {
        hint: needed === 'AGENT' ? 'Send the agent’s key as X-Api-Key.' : 'Sign in as a person.',
      },
    );
  }
  if (roleAllows(caller.role, needed)) return;
  throw new AppError('forbidden', `${caller.name} is ${caller.role}; this needs ${needed}.`, {
    hint: 'Ask an administrator for the role, or sign in as someone who has it.',
  });
}

const seconds = (ms: number) => Math.max(1, Math.ceil(ms / 1000));

function setLimitHeaders(reply: FastifyReply, allowance: Allowance): void {
  reply.header('x-ratelimit-limit', String(allowance.limit));
  reply.header('x-ratelimit-remaining', String(allowance.remaining));
  reply.header('x-ratelimit-reset', String(seconds(allowance.resetMs)));
}
