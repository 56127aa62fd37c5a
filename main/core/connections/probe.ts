import type { Session } from '#common/contract/auth.ts';
import type { Client } from '#common/contract/client.ts';
import { createClient } from '#common/contract/client.ts';
import type { ConnectionStep, Problem } from '#common/contract/console/connections.ts';
import type { HealthReport } from '#common/contract/health.ts';
import { problem } from '#common/words/problems.ts';
import { finding } from '#common/words/steps.ts';
import { contractProblem } from './contract.ts';
import { causeCode, isCertificateProblem, problemOf } from './problem.ts';
import { openTransport } from './transport.ts';

/** Maximum clock difference that is accepted, ms: a larger one makes ages and ranges misleading. */
const tolerableSkewMs = 2_000;

interface Target {
  url: string;
  ca: string | null;
  username: string | null;
  password: string | null;
  /** Ends the test. */
  signal: AbortSignal;
}

/** Tries a connection step by step and says for each what was found and what to do. A step that another one needs is skipped. */
export async function testConnection(target: Target): Promise<ConnectionStep[]> {
  const transport = openTransport(target.ca);
  let token: string | undefined;
  const client = createClient({ baseUrl: target.url, fetch: transport.fetch, token: () => token });
  try {
    const steps: ConnectionStep[] = [];
    const { found, health } = await reach(client, target);
    steps.push(...found);
    if (health === null) return [...steps, ...skipped(['version', 'sign-in', 'permission', 'clock'])];

    steps.push(versionStep(health.report));
    const signIn = await signInStep(client, target);
    token = signIn.session?.accessToken;
    steps.push(signIn.step, await permissionStep(client, signIn.session));
    steps.push(clockStep(health.report.time - health.at));
    // The session was for the test only.
    if (signIn.session !== null) await client.auth.logout({ body: { refreshToken: signIn.session.refreshToken } }).catch(() => undefined);
    return steps;
  } finally {
    await transport.close();
  }
}

function skipped(names: ConnectionStep['name'][]): ConnectionStep[] {
  return names.map((name) => ({ name, outcome: 'skipped', ...finding('backend_not_reached', {}), durationMs: 0 }));
}
function failed(name: ConnectionStep['name'], { code: _code, ...problem }: Problem, durationMs: number): ConnectionStep {
  return { name, outcome: 'failed', ...problem, durationMs };
}

async function reach(
  client: Client,
  { url, signal }: Target,
): Promise<{ found: ConnectionStep[]; health: { report: HealthReport; at: number } | null }> {
  const isTls = url.startsWith('https:');
  const { host } = new URL(url);
  const [begun, sentAt] = [performance.now(), Date.now()];
  const took = (): number => Math.round(performance.now() - begun);
  const open: ConnectionStep = { name: 'reach', outcome: 'ok', ...finding('host_answers', { host }), durationMs: 0 };
  try {
    const report = await client.health.report({}, { signal });
    const tls: ConnectionStep = isTls
      ? { name: 'tls', outcome: 'ok', ...finding('certificate_trusted', {}), durationMs: 0 }
      : { name: 'tls', outcome: 'skipped', ...finding('not_encrypted', {}), durationMs: 0 };
    return { found: [{ ...open, durationMs: took() }, tls], health: { report, at: (sentAt + Date.now()) / 2 } };
  } catch (error) {
    if (signal.aborted) throw error;
    const failure = isSchemaError(error) ? problem('not_a_backend', { host }) : problemOf(error, url);
    const found = isCertificateProblem(causeCode(error))
      ? [{ ...open, durationMs: took() }, failed('tls', failure, 0)]
      : [failed('reach', failure, took()), ...skipped(['tls'])];
    return { found, health: null };
  }
}

/** Returns whether a response was received that is not a Watchfloor backend's. */
function isSchemaError(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError');
}

function versionStep({ contract, version }: HealthReport): ConnectionStep {
  const mismatch = contractProblem(contract, version);
  if (mismatch !== null) return failed('version', mismatch, 0);
  return { name: 'version', outcome: 'ok', ...finding('contract_shared', { backend: version }), durationMs: 0 };
}

async function signInStep(client: Client, { url, username, password }: Target): Promise<{ step: ConnectionStep; session: Session | null }> {
  if (username === null || password === null) {
    return { step: { name: 'sign-in', outcome: 'skipped', ...finding('no_password_given', {}), durationMs: 0 }, session: null };
  }
  const begun = performance.now();
  const took = (): number => Math.round(performance.now() - begun);
  try {
    const session = await client.auth.login({ body: { username, password } });
    return {
      step: { name: 'sign-in', outcome: 'ok', ...finding('signed_in_as', { username: session.user.displayName }), durationMs: took() },
      session,
    };
  } catch (error) {
    return { step: failed('sign-in', problemOf(error, url), took()), session: null };
  }
}

const roleFindings = { VIEWER: 'role_viewer', OPERATOR: 'role_operator', ADMIN: 'role_admin' } as const;

async function permissionStep(client: Client, session: Session | null): Promise<ConnectionStep> {
  if (session === null) return { name: 'permission', outcome: 'skipped', ...finding('nobody_signed_in', {}), durationMs: 0 };
  const begun = performance.now();
  const took = (): number => Math.round(performance.now() - begun);
  try {
    const { role } = await client.auth.me();
    return { name: 'permission', outcome: 'ok', ...finding(roleFindings[role], {}), durationMs: took() };
  } catch (error) {
    return failed('permission', problemOf(error, 'http://backend'), took());
  }
}

function clockStep(skewMs: number): ConnectionStep {
  const roundedMs = Math.round(Math.abs(skewMs) / 100) * 100;
  if (Math.abs(skewMs) <= tolerableSkewMs)
    return { name: 'clock', outcome: 'ok', ...finding('clocks_agree', { skewMs: roundedMs }), durationMs: 0 };
  const params = { skewMs: roundedMs };
  return failed('clock', skewMs > 0 ? problem('clock_ahead', params) : problem('clock_behind', params), 0);
}
