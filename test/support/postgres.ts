import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PostgresServer {
  /** URL of the database `name`, which is created if it is missing. */
  database(name: string): Promise<string>;
  /** Kills the server as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Folder of the newest PostgreSQL programs on this machine, in Debian's layout or on the PATH; null when there are none. */
export function postgresPrograms(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env['PATH'] ?? '').split(':')];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null;
}

/**
 * Why tests on PostgreSQL are skipped: null when they run. With WATCHFLOOR_REQUIRE_ENGINES=1 they fail instead, so that a
 * build that promises both engines cannot pass on one.
 */
export function withoutPostgres(): string | null {
  if (postgresPrograms() !== null) return null;
  if (process.env['WATCHFLOOR_REQUIRE_ENGINES'] === '1') throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  return 'PostgreSQL is not installed (apt-get install postgresql)';
}

/**
 * A real server with data of its own in a temporary folder, reachable through a socket in it and nothing else.
 * @param options `auth` is what accounts other than the administrator sign in with; nothing when absent
 */
export async function startPostgres(options: { auth?: 'trust' | 'scram-sha-256' } = {}): Promise<PostgresServer> {
  const programs = postgresPrograms();
  if (programs === null) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  const folder = await mkdtemp(join(tmpdir(), 'watchfloor-pg-'));
  // PostgreSQL refuses to run as root; Debian's package brings a user for it.
  const asUser = await userForServer();
  if (asUser !== null) await chown(folder, asUser.uid, asUser.gid);
  const command = (program: string, args: string[]): [string, string[]] => {
    const path = join(programs, program);
    return asUser === null
      ? [path, args]
      : ['setpriv', [`--reuid=${asUser.uid}`, `--regid=${asUser.gid}`, '--clear-groups', path, ...args]];
  };
  const data = join(folder, 'data');
  await run(...command('initdb', ['-D', data, '-U', 'watchfloor', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']), {
    cwd: folder,
  });
  // The administrator of the tests stays trusted; everyone else needs a password.
  if (options.auth !== undefined) {
    await writeFile(join(data, 'pg_hba.conf'), `local all watchfloor trust\nlocal all all ${options.auth}\n`);
  }
  const url = (name: string) => `postgres://watchfloor@localhost/${name}?host=${encodeURIComponent(folder)}`;
  const sql = (text: string) =>
    run(join(programs, 'psql'), ['-h', folder, '-U', 'watchfloor', '-d', 'postgres', '-At', '-c', text], { cwd: folder });

  let server: ReturnType<typeof spawn> | null = null;
  const start = async () => {
    const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'max_connections=100', 'shared_buffers=64MB'];
    const started = spawn(...command('postgres', ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]), {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    server = started;
    let said = '';
    started.stderr?.on('data', (chunk) => {
      said = (said + chunk).slice(-4_000);
    });
    for (const deadline = Date.now() + 30_000; ; await sleep(50)) {
      if (started.exitCode !== null || Date.now() > deadline) throw new Error(`PostgreSQL did not start:\n${said}`);
      if (
        await sql('select 1').then(
          () => true,
          () => false,
        )
      )
        return;
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  };
  await start();
  return {
    async database(name) {
      const { stdout } = await sql(`select 1 from pg_database where datname = '${name}'`);
      if (stdout.trim() === '') await sql(`create database ${name}`);
      return url(name);
    },
    kill: () => end('SIGQUIT'),
    start,
    async close() {
      await end('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function userForServer(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}
