import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import cookies from '@fastify/cookie';
import files from '@fastify/static';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { AppError } from '#common/contract/errors.ts';
import { languageOf, webTexts } from '#common/words/web.ts';
import { securityHeaders } from '#core/page/headers.ts';
import type { RpcServer } from '#core/rpc/server.ts';
import { isOwnRequest, ownNames } from './hosts.ts';
import { BrowserSessions, sessionLifetimeMs } from './sessions.ts';
import { serveSockets } from './socket.ts';

export interface WebServerOptions {
  /** The built renderer. */
  root: string;
  dataDir: string;
  listen: { host: string; port: number };
  /** Paths of PEM files. */
  tls?: { cert: string; key: string };
  rpc: RpcServer;
  /** Called with the next link after a browser has used one. */
  onLink(link: string): void;
}

export interface WebServer {
  /** Address of the console, without a token. */
  readonly url: string;
  /** The link that signs a browser in; works once. */
  link(): string;
  close(): Promise<void>;
}

/** A request must arrive completely within this time, ms. */
const receiveWithinMs = 30_000;
const checkConnectionsEveryMs = 1_000;

/** Answers with a text for people in a browser. */
function answer(request: FastifyRequest, reply: FastifyReply, status: number, text: keyof typeof webTexts): FastifyReply {
  const words = webTexts[text][languageOf(request.headers['accept-language'])];
  return reply.code(status).type('text/plain; charset=utf-8').send(words);
}

/**
 * The browser host's HTTP: the renderer's files, the sign-in by a one-time link, and the RPC.
 * @throws AppError unavailable when the renderer is not built, or the address is in use or not this computer's
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { root, listen, rpc } = options;
  if (!existsSync(join(root, 'index.html')))
    throw new AppError('unavailable', `The console hasn’t been built: ${root} has no index.html.`, { hint: 'Run: npm run build' });
  const tls = options.tls ? { cert: readPem('cert', options.tls.cert), key: readPem('key', options.tls.key) } : null;
  const admission = new Admission(options, tls?.cert ?? null);
  const app = createApp(tls);
  await app.register(cookies);
  admitBrowsers(app, admission, () => options.onLink(link()));
  await serveFiles(app, root);
  const endSockets = serveSockets({
    server: app.server,
    rpc,
    refuse(request) {
      if (!admission.isOwn(request.headers, true)) return 'foreign';
      if (request.url !== '/rpc') return 'not_found';
      return admission.isSignedIn(app.parseCookie(String(request.headers['cookie'] ?? ''))) ? null : 'signed_out';
    },
  });
  const url = await listenAt(app, listen, tls !== null);
  const link = () => `${url}/?token=${admission.token}`;
  return {
    url,
    link,
    async close() {
      endSockets();
      await app.close();
    },
  };
}

/** Decides who may use the console: browsers that a link has signed in, on pages of the console itself. */
class Admission {
  readonly isSecure: boolean;
  readonly #names: Set<string>;
  readonly #sessions: BrowserSessions;
  readonly #cookieName: string;

  constructor({ dataDir, listen }: Pick<WebServerOptions, 'dataDir' | 'listen'>, certificate: string | null) {
    this.isSecure = certificate !== null;
    this.#names = ownNames(listen.host, certificate);
    this.#sessions = new BrowserSessions(join(dataDir, 'console-sessions.json'));
    // Cookies know no ports: consoles on two folders of one computer must not overwrite each other's.
    this.#cookieName = `watchfloor_${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`;
  }

  /** The token of the next link. */
  get token(): string {
    return this.#sessions.token;
  }

  isOwn({ host, origin }: { host?: string | undefined; origin?: string | undefined }, needsOrigin: boolean): boolean {
    return isOwnRequest({ host, origin }, this.#names, this.isSecure, needsOrigin);
  }

  isSignedIn(cookies: Record<string, string | undefined>): boolean {
    return this.#sessions.admits(cookies[this.#cookieName]);
  }

  /** Signs a browser in by the token of a link. @returns false when the token isn't valid, or was used before */
  signIn(token: string, reply: FastifyReply): boolean {
    const secret = this.#sessions.exchange(token);
    if (secret === null) return false;
    reply.setCookie(this.#cookieName, secret, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: this.isSecure,
      maxAge: sessionLifetimeMs / 1000,
    });
    return true;
  }
}

/** @param onLinkUsed called when a link has signed a browser in */
function admitBrowsers(app: FastifyInstance, admission: Admission, onLinkUsed: () => void): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    if (admission.isSecure) reply.header('strict-transport-security', 'max-age=31536000');
    if (!admission.isOwn(request.headers, false)) return answer(request, reply, 403, 'foreign');
    const token = tokenOf(request.url);
    if (token !== null && admission.signIn(token, reply)) onLinkUsed();
    else if (!admission.isSignedIn(request.cookies)) return answer(request, reply, 401, 'signedOut');
    if (token === null) return;
    return reply.header('cache-control', 'no-store').redirect('/', 303);
  });
}

async function serveFiles(app: FastifyInstance, root: string): Promise<void> {
  await app.register(files, {
    root,
    cacheControl: false,
    setHeaders(reply, path) {
      // File names under assets/ contain a hash of their content.
      const forever = path.startsWith(join(root, 'assets'));
      reply.header('cache-control', forever ? 'private, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.setNotFoundHandler((request, reply) => {
    // An address of a screen gets the page; a missing file gets 404.
    if (request.method === 'GET' && request.headers.accept?.includes('text/html')) return reply.sendFile('index.html');
    return answer(request, reply, 404, 'noFile');
  });
}

/** @returns the address for this computer's browsers */
async function listenAt(app: FastifyInstance, { host, port }: WebServerOptions['listen'], isSecure: boolean): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw explainListen(cause, { host, port });
  }
  const address = app.server.address() as AddressInfo;
  const shownHost = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `${isSecure ? 'https' : 'http'}://${shownHost}:${address.port}`;
}

function createApp(tls: { cert: string; key: string } | null): FastifyInstance {
  const common = {
    forceCloseConnections: true,
    bodyLimit: 1024,
    requestTimeout: receiveWithinMs,
    http: { headersTimeout: receiveWithinMs, connectionsCheckingInterval: checkConnectionsEveryMs },
  };
  // The two types differ only in their server, which isn't used below.
  return tls ? (fastify({ ...common, https: { ...tls, ...common.http } }) as unknown as FastifyInstance) : fastify(common);
}

function tokenOf(url: string): string | null {
  return url.startsWith('/?') ? new URLSearchParams(url.slice(2)).get('token') : null;
}

function readPem(flag: 'cert' | 'key', path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('validation_failed', `--${flag}: ${path} can’t be read.`, {
      field: flag,
      hint: 'Check that the file exists and that this account may read it.',
      cause,
    });
  }
}

function explainListen(cause: unknown, { host, port }: { host: string; port: number }): AppError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE')
    return new AppError('unavailable', `Port ${port} of ${host} is in use by another program.`, {
      hint: 'Stop that program, or choose another port with --listen HOST:PORT (port 0 picks a free one).',
      cause,
    });
  if (code === 'EACCES')
    return new AppError('unavailable', `This account isn’t allowed to use port ${port}.`, { hint: 'Choose a port above 1023.', cause });
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new AppError('unavailable', `${host} isn’t an address of this computer.`, {
      hint: 'Give one of this computer’s addresses with --listen.',
      cause,
    });
  return new AppError('unavailable', `The console can’t listen on ${host}:${port}: ${(cause as Error).message}`, { cause });
}
