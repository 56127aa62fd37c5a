import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allEndpoints } from '#common/contract/api.ts';
import { type EndpointShape, roleAllows, roles } from '#common/contract/endpoint.ts';
import { errorBody } from '#common/contract/errors.ts';
import { agentKey, startBackend, type TestBackend } from '../support/backend.ts';

const callers = [...roles, 'nobody', 'agent'] as const;
type CallerKind = (typeof callers)[number];

let backend: TestBackend;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const headers: Record<CallerKind, Record<string, string>> = {
  VIEWER: {},
  OPERATOR: {},
  ADMIN: {},
  nobody: {},
  agent: { 'x-api-key': agentKey },
};
beforeAll(async () => {
  backend = await startBackend({ env: { WATCHFLOOR_REQUESTS_PER_MINUTE: '1000000' } });
  for (const role of roles) headers[role] = { authorization: `Bearer ${(await backend.login(role)).session.accessToken}` };
});
afterAll(async () => {
  agent.destroy();
  await backend.stop();
});

interface Attempt {
  name: string;
  method: string;
  /** As it goes over the wire: no client puts it in order first. */
  target: string;
  headers?: Record<string, string>;
}

/** Ways to disguise a request as another one. */
function tricks(endpoint: EndpointShape): Attempt[] {
  const { method } = endpoint;
  const path = endpoint.path.replace(/:id/g, '01890000-0000-7000-8000-000000000000').replace(/:[a-zA-Z]+/g, 'no-such-thing');
  const [first = '', ...rest] = path.slice(1).split('/');
  const targets: Record<string, string> = {
    'as it is': path,
    'a slash at the end': `${path}/`,
    'two slashes at the start': `/${path}`,
    'two slashes within': `/${first}//${rest.join('/')}`,
    'encoded slashes': `/${[first, ...rest].join('%2F')}`,
    'encoded slashes, twice': `/${[first, ...rest].join('%252f')}`,
    backslashes: `/${[first, ...rest].join('\\')}`,
    'a letter encoded': path.replace(/\/([a-z])/, (_, letter: string) => `/%${letter.charCodeAt(0).toString(16)}`),
    'capital letters': path.toUpperCase(),
    'a dot at the end': `${path}.`,
    'a space at the end': `${path}%20`,
    'a NUL at the end': `${path}%00`,
    'a format at the end': `${path}.json`,
    'dots within': `/./${path.slice(1)}`,
    'a way up': `/health/..${path}`,
    'a way up, encoded': `/health/%2e%2e${path}`,
    'a way up, slashes encoded': `/health%2f..${path}`,
    'parameters of the path': path.replace(/^\/[^/]+/, (part) => `${part};role=ADMIN`),
    'parameters at the end': `${path};/health`,
    'a query that names another path': `${path}?path=/health&role=ADMIN&caller=admin`,
    'a fragment': `${path}#/health`,
    'the whole address': `${backend.url}${path}`,
    'the address of another host': `http://evil.example${path}`,
  };
  const attempts: Attempt[] = Object.entries(targets).map(([name, target]) => ({ name, method, target }));
  const sneaky = {
    'x-http-method-override': 'GET',
    'x-method-override': 'GET',
    'x-original-url': '/health',
    'x-rewrite-url': '/health',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-user': 'admin',
    'x-remote-user': 'admin',
  };
  for (const [name, value] of Object.entries(sneaky)) attempts.push({ name, method, target: path, headers: { [name]: value } });
  for (const other of ['HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    const overriding = { 'x-http-method-override': method, 'x-http-method': method };
    if (other !== method) attempts.push({ name: `${other} in place of ${method}`, method: other, target: path, headers: overriding });
  }
  attempts.push({ name: 'a refused key beside the token', method, target: path, headers: { 'x-api-key': 'x'.repeat(40) } });
  attempts.push({ name: 'a token in the query', method, target: `${path}?access_token=x&token=x`, headers: {} });
  return attempts;
}

async function send({ method, target, headers: more }: Attempt, caller: CallerKind): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(backend.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, agent, method, path: target, headers: { ...headers[caller], ...more } }, (response) => {
      let body = '';
      // A stream that has been let in never ends: its head is enough to see that.
      if (response.statusCode === 200 && response.headers['content-type']?.startsWith('text/event-stream')) {
        sent.destroy();
        resolve({ status: 200, body: 'event stream' });
        return;
      }
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

const mayEnter = (endpoint: EndpointShape, caller: CallerKind) => {
  if (endpoint.role === 'PUBLIC') return true;
  if (endpoint.role === 'SERVICE') return false;
  if (endpoint.role === 'AGENT' || caller === 'agent') return endpoint.role === 'AGENT' && caller === 'agent';
  return caller !== 'nobody' && roleAllows(caller, endpoint.role);
};
const pathOf = (endpoint: EndpointShape) => new RegExp(`^${endpoint.path.replaceAll('.', '\\.').replace(/:[a-zA-Z]+/g, '[^/]+')}/?$`);

/** The endpoint that answers a method and path, if a caller may call it: a trick that ends there has gained nothing. */
function isTheirs({ method, target }: Attempt, caller: CallerKind): boolean {
  const path = target.replace(/^https?:\/\/[^/]+/, '').split(/[?#]/, 1)[0] ?? '';
  const asked = method === 'HEAD' ? 'GET' : method;
  const answering = allEndpoints().filter(({ endpoint }) => endpoint.method === asked && pathOf(endpoint).test(path));
  return answering.some(({ endpoint }) => mayEnter(endpoint, caller));
}

/** Returns true if an answer shows that the request was refused before it reached its target. */
function isTurnedAway({ method }: Attempt, { status, body }: { status: number; body: string }): boolean {
  if ([401, 403].includes(status)) return true;
  // Without a body, a missing path can't be distinguished from a missing entity; neither reveals anything.
  if (method === 'HEAD') return status === 404 || status === 400;
  if (method === 'OPTIONS' && status === 204) return body === '';
  if (body === '') return [400, 404, 405, 501].includes(status);
  const error = errorBody.safeParse(JSON.parse(body)).data;
  // The address itself is not there, which is another thing than what it would name.
  if (status === 404) return error?.hint?.includes('/docs') === true;
  return status === 400 && /percent-encoding|cannot be read/.test(error?.message ?? '');
}

test.each(callers)('no trick of path or method lets %s do what the contract does not let them do', async (caller) => {
  const closed = allEndpoints().filter(({ endpoint }) => !mayEnter(endpoint, caller));
  const attempts = closed.flatMap(({ name, endpoint }) =>
    tricks(endpoint).map((attempt) => ({ ...attempt, name: `${name}: ${attempt.name}` })),
  );
  const letIn: string[] = [];
  const queue = attempts.filter((attempt) => !isTheirs(attempt, caller)).values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const attempt of queue) {
        const answer = await send(attempt, caller);
        if (!isTurnedAway(attempt, answer))
          letIn.push(`${attempt.name} (${attempt.method} ${attempt.target}): ${answer.status} ${answer.body.slice(0, 120)}`);
      }
    }),
  );
  expect(letIn).toEqual([]);
  // An administrator is kept out only of what agents alone may call.
  expect(attempts.length).toBeGreaterThan(caller === 'ADMIN' ? 30 : 100);
});
