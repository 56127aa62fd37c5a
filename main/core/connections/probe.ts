import type { Session } from '#common/contract/auth.ts';
import type { Client } from '#common/contract/client.ts';
import { createClient } from '#common/contract/client.ts';
import type { ConnectionStep, Problem } from '#common/contract/console/connections.ts';
import type { HealthReport } from '#common/contract/health.ts';
import { formatSetDuration } from '#common/format.ts';
import { contractProblem } from './contract.ts';
import { causeCode, isCertificateProblem, problemOf } from './problem.ts';
import { openTransport } from './transport.ts';

/** A larger difference makes ages and ranges misleading, ms. */
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
    if (health === null) return [...steps, ...skipped(['version', 'sign-in', 'permission', 'clock'], 'The backend was not reached.')];

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

function skipped(names: ConnectionStep['name'][], message: string): ConnectionStep[] {
  return names.map((name) => ({ name, outcome: 'skipped', message, durationMs: 0 }));
}
function failed(name: ConnectionStep['name'], { message, hint }: Omit<Problem, 'code'>, durationMs: number): ConnectionStep {
  return { name, outcome: 'failed', message, ...(hint === undefined ? {} : { hint }), durationMs };
}

async function reach(
  client: Client,
  { url, signal }: Target,
): Promise<{ found: ConnectionStep[]; health: { report: HealthReport; at: number } | null }> {
  const isTls = url.startsWith('https:');
  const { host } = new URL(url);
  const [begun, sentAt] = [performance.now(), Date.now()];
  const took = (): number => Math.round(performance.now() - begun);
  const open: ConnectionStep = { name: 'reach', outcome: 'ok', message: `${host} answers.`, durationMs: 0 };
  try {
    const report = await client.health.report({}, { signal });
    const tls: ConnectionStep = isTls
      ? { name: 'tls', outcome: 'ok', message: 'The certificate is trusted.', durationMs: 0 }
      : { name: 'tls', outcome: 'skipped', message: 'Not encrypted: the address starts with http://.', durationMs: 0 };
    return { found: [{ ...open, durationMs: took() }, tls], health: { report, at: (sentAt + Date.now()) / 2 } };
  } catch (error) {
    if (signal.aborted) throw error;
    const problem = isSchemaError(error)
      ? { message: `${host} answers, but not as a Watchfloor backend.`, hint: 'Check the address and the port.' }
      : problemOf(error, url);
    const found = isCertificateProblem(causeCode(error))
      ? [{ ...open, durationMs: took() }, failed('tls', problem, 0)]
      : [failed('reach', problem, took()), ...skipped(['tls'], 'The backend was not reached.')];
    return { found, health: null };
  }
}

/** An answer came, and is none of ours. */
function isSchemaError(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError');
}

function versionStep({ contract, version }: HealthReport): ConnectionStep {
  const problem = contractProblem(contract, version);
  if (problem !== null) return failed('version', problem, 0);
  return { name: 'version', outcome: 'ok', message: `Backend ${version} speaks our contract.`, durationMs: 0 };
}

async function signInStep(client: Client, { url, username, password }: Target): Promise<{ step: ConnectionStep; session: Session | null }> {
  if (username === null || password === null) {
    return { step: { name: 'sign-in', outcome: 'skipped', message: 'No name and password were given.', durationMs: 0 }, session: null };
  }
  const begun = performance.now();
  const took = (): number => Math.round(performance.now() - begun);
  try {
    const session = await client.auth.login({ body: { username, password } });
    return { step: { name: 'sign-in', outcome: 'ok', message: `Signed in as ${session.user.displayName}.`, durationMs: took() }, session };
  } catch (error) {
    return { step: failed('sign-in', problemOf(error, url), took()), session: null };
  }
}

async function permissionStep(client: Client, session: Session | null): Promise<ConnectionStep> {
  if (session === null) return { name: 'permission', outcome: 'skipped', message: 'Nobody is signed in.', durationMs: 0 };
  const begun = performance.now();
  const took = (): number => Math.round(performance.now() - begun);
  try {
    const { role } = await client.auth.me();
    const may = role === 'VIEWER' ? 'may look, not acknowledge' : role === 'OPERATOR' ? 'may look and act' : 'may do everything';
    return { name: 'permission', outcome: 'ok', message: `The role is ${role}: ${may}.`, durationMs: took() };
  } catch (error) {
    return failed('permission', problemOf(error, 'http://backend'), took());
  }
}

function clockStep(skewMs: number): ConnectionStep {
  const skew = formatSetDuration(Math.round(Math.abs(skewMs) / 100) * 100);
  if (Math.abs(skewMs) <= tolerableSkewMs)
    return { name: 'clock', outcome: 'ok', message: `The clocks agree within ${skew}.`, durationMs: 0 };
  const problem = {
    message: `The backend's clock is ${skew} ${skewMs > 0 ? 'ahead of' : 'behind'} this computer's.`,
    hint: 'Let both set their clocks from the network (NTP).',
  };
  return failed('clock', problem, 0);
}
