import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';

const run = promisify(execFile);

export interface MariadbServer {
  host: string;
  port: number;
  /** Runs statements as the server's administrator, in `database` where one is given. */
  admin(statements: readonly string[], database?: string): Promise<void>;
  /** Freezes the server's process, as a hanging machine would; `resume` continues it. */
  suspend(): void;
  resume(): void;
  /** Kills the server as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const serverPath = ['/usr/sbin/mariadbd', '/usr/libexec/mariadbd', '/usr/bin/mariadbd'].find((path) => existsSync(path));

/** Why tests on MariaDB are skipped: null when they run. With WATCHFLOOR_REQUIRE_ENGINES=1 they fail instead. */
export function withoutMariadb(): string | null {
  if (serverPath !== undefined) return null;
  if (process.env['WATCHFLOOR_REQUIRE_ENGINES'] === '1') throw new Error('MariaDB is not installed: apt-get install mariadb-server');
  return 'MariaDB is not installed (apt-get install mariadb-server)';
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** The user that Debian's package brings: the server refuses to run as root. */
async function serverUser(): Promise<string | null> {
  return userInfo().uid === 0 ? 'mysql' : null;
}

async function idOf(user: string, flag: '-u' | '-g'): Promise<number> {
  return Number((await run('id', [flag, user])).stdout);
}

/** Starts a real server with its own data in a temporary folder, on its own loopback port. */
export async function startMariadb(): Promise<MariadbServer> {
  if (serverPath === undefined) throw new Error('MariaDB is not installed: apt-get install mariadb-server');
  const program = serverPath;
  const folder = await mkdtemp(join(tmpdir(), 'watchfloor-maria-'));
  const user = await serverUser();
  if (user !== null) await chown(folder, await idOf(user, '-u'), await idOf(user, '-g'));
  const asUser = user === null ? [] : [`--user=${user}`];
  const data = join(folder, 'data');
  const socket = join(folder, 's.sock');
  await run('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...asUser,
  ]);
  const port = await freePort();
  let server: ChildProcess | undefined;

  const start = async () => {
    const child = spawn(
      program,
      [
        '--no-defaults',
        `--datadir=${data}`,
        `--socket=${socket}`,
        `--pid-file=${join(folder, 'pid')}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--skip-name-resolve',
        '--innodb-buffer-pool-size=32M',
        // A commit is handed to the system at once: the kills of the tests lose none.
        '--innodb-flush-log-at-trx-commit=2',
        ...asUser,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    server = child;
    let log = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4_000);
    });
    for (let i = 0; ; i++) {
      if (child.exitCode !== null || i > 300) throw new Error(`MariaDB did not start: ${log}`);
      const connection = await mysql.createConnection({ socketPath: socket, user: 'root' }).catch(() => null);
      if (connection !== null) return connection.end();
      await sleep(100);
    }
  };
  const stop = async (signal: NodeJS.Signals) => {
    const child = server;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  await start();

  return {
    host: '127.0.0.1',
    port,
    async admin(statements, database) {
      const connection = await mysql.createConnection({
        socketPath: socket,
        user: 'root',
        ...(database === undefined ? {} : { database }),
      });
      try {
        for (const statement of statements) await connection.query(statement);
      } finally {
        await connection.end();
      }
    },
    suspend: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    kill: () => stop('SIGKILL'),
    start,
    async close() {
      await stop('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
