import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

export interface PostgresServer {
  /** Creates the database `name` as a copy of another one, which nobody may use meanwhile, or an empty one. Returns its URL. */
  database(name: string, copyOf?: string): Promise<string>;
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
  await copyInitialised(data, command);
  // The administrator of the tests stays trusted; everyone else needs a password.
  if (options.auth !== undefined) {
    await writeFile(join(data, 'pg_hba.conf'), `local all watchfloor trust\nlocal all all ${options.auth}\n`);
  }
  const url = (name: string) => `postgres://watchfloor@localhost/${name}?host=${encodeURIComponent(folder)}`;
  let server: ReturnType<typeof spawn> | null = null;
  const start = async () => {
    const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'max_connections=100', 'shared_buffers=64MB'];
    const started = spawn(...command('postgres', ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]), {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    server = started;
    const said: string[] = [];
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: started.stderr }).on('line', (line) => {
        said.push(line);
        if (line.includes('ready to accept connections')) resolve();
      });
      started.once('error', reject);
      started.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${said.join('\n')}`)));
    });
  };
  const end = async (signal: NodeJS.Signals) => {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  };
  await start();
  return {
    async database(name, copyOf = 'template1') {
      const client = new pg.Client({ connectionString: url('postgres') });
      await client.connect();
      try {
        await client.query(`create database ${name} template ${copyOf}`);
      } finally {
        await client.end();
      }
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

let shared: Promise<PostgresServer> | null = null;
let databases = 0;

/** URL of a new database on the one server that the tests of a file share. @param copyOf as for `PostgresServer.database` */
export async function sharedDatabase(copyOf?: string): Promise<string> {
  const server = await sharedPostgres();
  databases += 1;
  return server.database(`shared_${databases}`, copyOf);
}

/** The server that the tests of a file share. `file-setup.ts` closes it after the file. */
export function sharedPostgres(): Promise<PostgresServer> {
  shared ??= startPostgres();
  return shared;
}

export async function closeSharedPostgres(): Promise<void> {
  const server = shared;
  shared = null;
  await (await server)?.close();
}

/** Where `initdb` has written its result once: copying it takes a tenth of the processor time. */
const cache = fileURLToPath(new URL('../../node_modules/.cache/postgres', import.meta.url));

async function copyInitialised(data: string, command: (program: string, args: string[]) => [string, string[]]): Promise<void> {
  const { stdout: version } = await run(...command('initdb', ['--version']));
  const initialised = join(cache, version.trim().replaceAll(/[^\w.]+/g, '-'));
  if (existsSync(initialised)) {
    await run('cp', ['-a', initialised, data]);
    return;
  }
  const args = ['-D', data, '-U', 'watchfloor', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
  await run(...command('initdb', args), { cwd: dirname(data) });
  await mkdir(cache, { recursive: true });
  const copy = await mkdtemp(`${initialised}-`);
  await run('cp', ['-a', data, join(copy, 'data')]);
  // Another process may have been first.
  await rename(join(copy, 'data'), initialised).catch(() => undefined);
  await rm(copy, { recursive: true, force: true });
}

async function userForServer(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}
