import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const program = '/usr/bin/promtool';

/** Why tests on Prometheus are skipped: null when they run. With WATCHFLOOR_REQUIRE_ENGINES=1 they fail instead. */
export function withoutPromtool(): string | null {
  if (existsSync(program)) return null;
  if (process.env['WATCHFLOOR_REQUIRE_ENGINES'] === '1') throw new Error('Prometheus is not installed: apt-get install prometheus');
  return 'Prometheus is not installed (apt-get install prometheus)';
}

/**
 * Runs unit tests of rules in the engine of Prometheus, which needs no server.
 * @param files by name, one of which the tests may name as their rules
 * @returns what promtool printed, and whether all tests passed
 */
export async function runPromtool(
  args: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<{ ok: boolean; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'watchfloor-promtool-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const { stdout, stderr } = await run(program, args, { cwd: folder, maxBuffer: 64e6 });
    return { ok: true, output: `${stdout}${stderr}` };
  } catch (error) {
    const { stdout = '', stderr = '', code } = error as { stdout?: string; stderr?: string; code?: unknown };
    if (typeof code !== 'number') throw error;
    return { ok: false, output: `${stdout}${stderr}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
