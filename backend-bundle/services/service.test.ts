import { expect, test } from 'vitest';
import type { auth } from '#common/contract/auth.ts';
import type { charts } from '#common/contract/charts.ts';
import type { Caller, Handler } from './service.ts';

const sara: Caller = { id: 'u1', name: 'sara', role: 'OPERATOR' };

test('the role of an endpoint decides whether its handler has a caller', () => {
  // The compiler checks these lines: the first would not compile if a caller could be null, the second if there could be one.
  const withRole: Pick<Parameters<Handler<typeof charts.remove>>[0], 'caller'> = { caller: sara };
  const withoutRole: Pick<Parameters<Handler<typeof auth.login>>[0], 'caller'> = { caller: null };
  expect(withRole.caller.name).toBe('sara');
  expect(withoutRole.caller).toBeNull();
  // @ts-expect-error nobody is signed in on a public endpoint
  const stranger: typeof withoutRole = { caller: sara };
  // @ts-expect-error a handler behind a role never gets null
  const nobody: typeof withRole = { caller: null };
  expect([stranger.caller, nobody.caller]).toEqual([sara, null]);
});
