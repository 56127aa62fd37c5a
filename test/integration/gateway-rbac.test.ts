import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allEndpoints } from '#common/contract/api.ts';
import { type EndpointShape, type Role, roleAllows, roles } from '#common/contract/endpoint.ts';
import { errorBody } from '#common/contract/errors.ts';
import { agentKey, startBackend, type TestBackend } from '../support/backend.ts';

/** All kinds of callers: each role, nobody, and an agent. */
const callers = [...roles, 'nobody', 'agent'] as const;
type CallerKind = (typeof callers)[number];

let backend: TestBackend;
const headers: Record<CallerKind, Record<string, string>> = { VIEWER: {}, OPERATOR: {}, ADMIN: {}, nobody: {}, agent: {} };
beforeAll(async () => {
  backend = await startBackend({ env: { WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' } });
  for (const role of roles) headers[role] = { authorization: `Bearer ${(await backend.login(role)).session.accessToken}` };
  headers.agent = { 'x-api-key': agentKey };
});
afterAll(async () => {
  await backend.stop();
});

/** Returns the expected result, from the contract alone. */
function verdict(endpoint: EndpointShape, caller: CallerKind): 'in' | 'token_missing' | 'forbidden' {
  if (endpoint.role === 'PUBLIC') return 'in';
  if (caller === 'nobody') return 'token_missing';
  if (endpoint.role === 'SERVICE') return 'forbidden';
  if (endpoint.role === 'AGENT' || caller === 'agent') return endpoint.role === 'AGENT' && caller === 'agent' ? 'in' : 'forbidden';
  return roleAllows(caller satisfies Role, endpoint.role) ? 'in' : 'forbidden';
}

/** Calls the endpoint for a nonexistent entity and without a body, so that nothing changes even if access is granted. */
async function callEndpoint(endpoint: EndpointShape, caller: CallerKind): Promise<{ status: number; code: string | null }> {
  const path = endpoint.path.replace(/:id/g, '01890000-0000-7000-8000-000000000000').replace(/:[a-zA-Z]+/g, 'no-such-thing');
  const leave = new AbortController();
  const response = await fetch(backend.url + path, { method: endpoint.method, headers: headers[caller], signal: leave.signal });
  const error = response.ok ? null : errorBody.parse(await response.json());
  leave.abort();
  return { status: response.status, code: error?.code ?? null };
}

describe.each(allEndpoints())('$name', ({ endpoint }) => {
  test.each(callers)('%s', async (caller) => {
    const { status, code } = await callEndpoint(endpoint, caller);
    const expected = verdict(endpoint, caller);
    if (expected === 'in') {
      // Past the door anything may be wrong with the call, except who makes it.
      expect([401, 403, 429, 500]).not.toContain(status);
    } else {
      expect({ status, code }).toEqual({ status: expected === 'forbidden' ? 403 : 401, code: expected });
    }
  });
});
