import { z } from 'zod';
import type { Role } from '../endpoint.ts';
import type { ErrorBody, Params } from '../errors.ts';
import type { HealthNotice } from '../health.ts';
import { id } from '../primitives.ts';
import { event, method, nothing, service } from './rpc.ts';

export const connectionId = id;
type ConnectionId = z.infer<typeof connectionId>;

export const connectionInput = z.strictObject({
  name: z.string().min(1).max(80),
  url: z.url({ protocol: /^https?$/, error: 'Give an address that starts with http:// or https://.' }),
  /** PEM of a private certificate authority, when the backend's certificate needs one. */
  ca: z.string().max(65_536).optional(),
});
export type ConnectionInput = z.infer<typeof connectionInput>;

/**
 * Derived from the last exchange with the backend, never set by hand:
 * live (events are arriving), connecting (first attempt), offline (no answer), signed-out (needs a password),
 * incompatible (no contract in common).
 */
export type ConnectionState = 'live' | 'connecting' | 'offline' | 'signed-out' | 'incompatible';

export interface Problem {
  code: ErrorBody['code'];
  /** In English, for logs. Screens write it from `reason` and `params`, or from `code`. */
  message: string;
  hint?: string;
  reason?: string;
  params?: Params;
}

export interface Connection {
  id: ConnectionId;
  name: string;
  url: string;
  /** True for the backend this console launches itself. */
  embedded: boolean;
  state: ConnectionState;
  /** When it entered this state, ms. */
  since: number;
  /** Last time the backend answered or sent anything, ms; null when it never did. */
  lastExchangeAt: number | null;
  /** Round trip of the last health check, ms. */
  latencyMs: number | null;
  username: string | null;
  role: Role | null;
  backendVersion: string | null;
  rulesEvaluatedAt: number | null;
  /** Notices from the last health report. */
  notices: HealthNotice[];
  /** Backend clock minus ours, ms. */
  clockSkewMs: number | null;
  problem: Problem | null;
}

export interface ConnectionStep {
  name: 'reach' | 'tls' | 'version' | 'sign-in' | 'permission' | 'clock';
  outcome: 'ok' | 'failed' | 'skipped';
  /** In English, for logs. Screens write it from `reason` and `params`. */
  message: string;
  hint?: string;
  reason?: string;
  params?: Params;
  durationMs: number;
}

export const connections = service({
  methods: {
    list: method<Connection[]>()(nothing),
    add: method<Connection>()(connectionInput),
    /** Without `ca` the stored certificate stays. */
    update: method<Connection>()(connectionInput.extend({ id: connectionId })),
    remove: method<void>()(z.strictObject({ id: connectionId })),
    /** The password is stored in the keychain after the backend has accepted it. */
    signIn: method<Connection>()(
      z.strictObject({ id: connectionId, username: z.string().min(1).max(64), password: z.string().min(1).max(256) }),
    ),
    /** Ends the session and deletes the stored password. Cached data stays readable. */
    signOut: method<Connection>()(z.strictObject({ id: connectionId })),
    /** Retries now instead of after the back-off. */
    retry: method<void>()(z.strictObject({ id: connectionId })),
    test: method<ConnectionStep[]>()(connectionInput.extend({ username: z.string().optional(), password: z.string().optional() })),
  },
  events: { changed: event<Connection[]>() },
});
