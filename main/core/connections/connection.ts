import type { Logger } from 'pino';
import type { Client } from '#common/contract/client.ts';
import { createClient, RetryLaterError } from '#common/contract/client.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { AppError } from '#common/contract/errors.ts';
import type { HealthReport } from '#common/contract/health.ts';
import { problem, problemError } from '#common/words/problems.ts';
import type { SecretStore } from '../secrets/store.ts';
import { fullJitter } from './backoff.ts';
import { contractProblem } from './contract.ts';
import { problemOf } from './problem.ts';
import { BackendSession, SignedOutError } from './session.ts';
import type { ConnectionRecord, ConnectionStatus } from './status.ts';
import { newConnectionRecord, statusOf } from './status.ts';
import type { Profile } from './store.ts';
import { followStream, type ReceivedEvent, StreamEndedError } from './stream.ts';
import type { HttpTransport } from './transport.ts';
import { openTransport } from './transport.ts';

/** The first retries come quickly, because a backend is usually back within seconds. */
const reconnect = { baseMs: 250, capMs: 10_000 };
const minRetryMs = 50;
const healthCheckIntervalMs = 15_000;
/** An incompatible backend may be updated at any time. */
const retryIncompatibleAfterMs = 30_000;
const maxRetryAfterMs = 60_000;

export interface ConnectionHooks {
  /** Called before anything of this backend is stored: finds out which deployment answers. Returns the event to resume after. */
  identify(connection: BackendConnection, health: HealthReport): Promise<string | null>;
  /** Called with events in order; each call ends before the next begins. Returns whether the cache has caught up with the backend. */
  events(connection: BackendConnection, events: readonly ReceivedEvent[]): Promise<boolean>;
  /** The cache has caught up with the backend again. */
  live(connection: BackendConnection): void;
  /** Called when the status or the profile changed. */
  changed(connection: BackendConnection): void;
}

export interface ConnectionOptions {
  profile: Profile;
  secrets: SecretStore;
  log: Logger;
  now: () => number;
  hooks: ConnectionHooks;
  /** Maximum time without a byte on the stream, ms. */
  silenceMs?: number;
}

/** The connection to one backend, for as long as it is open: signs in, follows the event stream, reconnects after every failure. */
export class BackendConnection {
  readonly client: Client;
  profile: Profile;
  readonly #options: ConnectionOptions;
  /** A client that sends no token. */
  readonly #open: Client;
  readonly #session: BackendSession;
  readonly #transport: HttpTransport;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #record: ConnectionRecord;
  /** True once the open stream has brought the cache up to date. */
  #isCaughtUp = false;
  /** Ends the current attempt; the loop decides what comes next. */
  #interrupt = new AbortController();
  #wake: () => void = () => undefined;
  #attempt = 0;
  #latencyMs: number | null = null;
  #clockSkewMs: number | null = null;
  #rulesEvaluatedAt: number | null = null;
  #notices: HealthReport['notices'] = [];

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.profile = options.profile;
    this.#record = newConnectionRecord(options.now(), options.profile.lastExchangeAt);
    this.#transport = openTransport(options.profile.ca);
    const observedFetch: typeof fetch = async (input, init) => {
      const response = await this.#transport.fetch(input, init);
      this.#noteContact();
      return response;
    };
    const baseUrl = options.profile.url;
    const open = createClient({ baseUrl, fetch: observedFetch });
    this.#session = new BackendSession({
      connectionId: this.profile.id,
      client: open,
      secrets: options.secrets,
      now: options.now,
      username: () => this.profile.username,
      onUser: (user) => this.#updateProfile({ username: user.username, role: user.role }),
    });
    this.client = createClient({ baseUrl, token: () => this.#session.token(), fetch: this.#retryOnceOn401(observedFetch) });
    this.#open = open;
    this.#running = this.#run();
  }

  get id(): string {
    return this.profile.id;
  }

  status(): ConnectionStatus {
    return statusOf(this.#record, this.#options.now());
  }

  get isLive(): boolean {
    return this.status().state === 'live';
  }

  /** Returns the backend's clock minus this computer's, ms; null before the first contact. */
  get clockSkewMs(): number | null {
    return this.#clockSkewMs;
  }

  /** Returns the current time by the backend's clock, ms. */
  serverNow(): number {
    return this.#options.now() + (this.#clockSkewMs ?? 0);
  }

  get lastExchangeAt(): number | null {
    return this.#record.lastExchangeAt;
  }

  describe(): Connection {
    const { id, name, url, embedded, username, role, backendVersion } = this.profile;
    return {
      ...{ id, name, url, embedded, username, role, backendVersion },
      ...this.status(),
      lastExchangeAt: this.#record.lastExchangeAt,
      latencyMs: this.#latencyMs,
      rulesEvaluatedAt: this.#rulesEvaluatedAt,
      notices: this.#notices,
      clockSkewMs: this.#clockSkewMs,
    };
  }

  /** Reconnects at once instead of after the backoff. */
  retry(): void {
    this.#attempt = 0;
    this.#wake();
  }

  /** @throws AppError `bad_credentials`; `unavailable` when the backend cannot be asked */
  async signIn(username: string, password: string): Promise<void> {
    try {
      await this.#session.signIn(username, password);
    } catch (error) {
      if (error instanceof AppError) throw error;
      const { code, message, ...rest } = problemOf(error, this.profile.url);
      throw new AppError(code, message, { ...rest, cause: error });
    }
    this.#set({ blocked: null });
    this.retry();
  }

  async signOut(): Promise<void> {
    const signedOut = problem('signed_out', {});
    await this.#session.signOut((refreshToken) =>
      // The backend ends the session when it can be reached; here it has ended already.
      this.client.auth.logout({ body: { refreshToken } }).catch(() => undefined),
    );
    this.#set({
      blocked: { state: 'signed-out', since: this.#options.now(), problem: signedOut },
    });
    this.#interrupt.abort(problemError('signed_out', {}));
  }

  rulesEvaluated(at: number): void {
    this.#rulesEvaluatedAt = at;
    this.#options.hooks.changed(this);
  }

  async close(): Promise<void> {
    this.#closing.abort(problemError('connection_closed', {}));
    this.#wake();
    await this.#running;
    await this.#transport.close();
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#interrupt = new AbortController();
      const signal = AbortSignal.any([this.#closing.signal, this.#interrupt.signal]);
      const checks = setInterval(() => void this.#check(signal).catch(() => undefined), healthCheckIntervalMs);
      try {
        await this.#follow(signal);
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        await this.#pause(this.#handleFailure(error));
      } finally {
        clearInterval(checks);
      }
    }
  }

  /** Runs one attempt, from the health check to its end, which is always an error. */
  async #follow(signal: AbortSignal): Promise<never> {
    const health = await this.#check(signal);
    const mismatch = contractProblem(health.contract, health.version);
    if (mismatch !== null) throw new AppError(mismatch.code, mismatch.message, mismatch);
    if (health.version !== this.profile.backendVersion) this.#updateProfile({ backendVersion: health.version });
    const lastEventId = await this.#options.hooks.identify(this, health);
    const token = await this.#session.token();
    try {
      return await followStream({
        url: this.profile.url,
        fetch: this.#transport.fetch,
        token,
        lastEventId,
        signal,
        onContact: () => this.#noteContact(),
        onEvents: (events) => this.#receive(events),
        ...(this.#options.silenceMs === undefined ? {} : { silenceMs: this.#options.silenceMs }),
      });
    } catch (error) {
      if (error instanceof StreamEndedError || (error instanceof AppError && error.status === 401)) this.#session.refused(token);
      throw error;
    }
  }

  async #receive(events: readonly ReceivedEvent[]): Promise<void> {
    const end = events.find(({ event }) => event.type === 'ended')?.event;
    const taken = events.filter(({ event }) => event.type !== 'ended');
    const caughtUp = taken.length > 0 && (await this.#options.hooks.events(this, taken));
    if (end?.type === 'ended') throw new StreamEndedError(end.data.reason);
    if (!caughtUp || this.#isCaughtUp) return;
    this.#isCaughtUp = true;
    this.#attempt = 0;
    const streamSince = this.#record.streamSince ?? this.#options.now();
    this.#set({ streamSince, failingSince: null, problem: null, blocked: null });
    this.#options.hooks.live(this);
  }

  async #check(signal: AbortSignal): Promise<HealthReport> {
    const { now } = this.#options;
    const [sentAt, begun] = [now(), performance.now()];
    const health = await this.#open.health.report({}, { signal });
    this.#latencyMs = Math.round((performance.now() - begun) * 10) / 10;
    this.#clockSkewMs = Math.round(health.time - (sentAt + now()) / 2);
    this.#rulesEvaluatedAt = health.rulesEvaluatedAt;
    this.#notices = health.notices;
    this.#options.hooks.changed(this);
    return health;
  }

  /** Stores what went wrong in the status. @returns the wait before the next attempt, ms; infinity if a person must act first */
  #handleFailure(error: unknown): number {
    const now = this.#options.now();
    const problem = problemOf(error, this.profile.url);
    const { log } = this.#options;
    const wasCaughtUp = this.#isCaughtUp;
    this.#isCaughtUp = false;
    // The stream ended because its token expired; the next token continues it. Twice in a row is a failure.
    if (error instanceof StreamEndedError && wasCaughtUp && !this.#interrupt.signal.aborted) return 0;
    log.info({ connection: this.profile.name, problem: problem.message, err: error }, 'contact lost');
    // The user signed out in the meantime, which the status already shows.
    if (this.#interrupt.signal.aborted) {
      this.#set({ streamSince: null });
      return this.#record.blocked === null ? 0 : Number.POSITIVE_INFINITY;
    }
    if (error instanceof SignedOutError) {
      this.#set({ streamSince: null, blocked: { state: 'signed-out', since: now, problem } });
      return Number.POSITIVE_INFINITY;
    }
    if (error instanceof AppError && error.code === 'contract_mismatch') {
      const since = this.#record.blocked?.since ?? now;
      this.#set({ streamSince: null, blocked: { state: 'incompatible', since, problem } });
      return retryIncompatibleAfterMs;
    }
    if (error instanceof RetryLaterError && error.code === 'rate_limited') {
      // The backend is reachable but asks to wait.
      this.#set({ streamSince: null, problem, blocked: null });
      return Math.min(error.retryAfterMs, maxRetryAfterMs);
    }
    this.#set({ streamSince: null, failingSince: this.#record.failingSince ?? now, problem, blocked: null });
    return Math.max(minRetryMs, fullJitter(this.#attempt++, reconnect));
  }

  #pause(ms: number): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(resolve, ms) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Repeats a request once with a new token: the backend may refuse one before it expires, for example after it was set up again. */
  #retryOnceOn401(send: typeof fetch): typeof fetch {
    return async (input, init) => {
      const response = await send(input, init);
      const sent = new Headers(init?.headers).get('authorization')?.slice('Bearer '.length);
      if (response.status !== 401 || sent === undefined) return response;
      this.#session.refused(sent);
      const token = await this.#session.token();
      return send(input, { ...init, headers: { ...(init?.headers as Record<string, string>), authorization: `Bearer ${token}` } });
    };
  }

  #noteContact(): void {
    this.#record = { ...this.#record, lastExchangeAt: this.#options.now() };
    this.#options.hooks.changed(this);
  }

  #set(record: Partial<ConnectionRecord>): void {
    this.#record = { ...this.#record, ...record };
    this.#options.hooks.changed(this);
  }

  #updateProfile(profile: Partial<Profile>): void {
    this.profile = { ...this.profile, ...profile };
    this.#options.hooks.changed(this);
  }
}
