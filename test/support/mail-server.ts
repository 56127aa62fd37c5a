import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import PostalMime, { type Email } from 'postal-mime';
import { eventually } from './eventually.ts';
import { freePorts } from './ports.ts';
import { allProcesses } from './process-tree.ts';

const run = promisify(execFile);

/** The only account of the server. */
export const mailAccount = { username: 'watchfloor', password: 'a password for mail' };

export interface MailServer {
  /** Offers STARTTLS, and authentication after it. */
  port: number;
  /** Expects TLS from the first byte. */
  tlsPort: number;
  /** The certificate of the server's own authority, in PEM. It is valid for 127.0.0.1. */
  ca: string;
  /** Returns the delivered e-mails, parsed, in no particular order. */
  mails(): Promise<Email[]>;
  /** Returns the end of the server's log, to explain a failure. */
  log(): string;
  stop(): Promise<void>;
  /** Starts it again on the same ports and mailbox. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const program = ['/usr/sbin/exim4', '/usr/sbin/exim'].find((path) => existsSync(path));

/** Why tests with a mail server are skipped: null when they run. With WATCHFLOOR_REQUIRE_ENGINES=1 they fail instead. */
export function withoutMailServer(): string | null {
  if (program !== undefined) return null;
  if (process.env['WATCHFLOOR_REQUIRE_ENGINES'] === '1') throw new Error('Exim is not installed: apt-get install exim4-daemon-light');
  return 'Exim is not installed (apt-get install exim4-daemon-light)';
}

/**
 * Starts a real mail server (Exim) with its own configuration, queue and mailbox in a temporary folder, on its own loopback ports. It
 * accepts mail for mail.test from its account only; it refuses `nobody@mail.test` for good and `later@mail.test` for now.
 */
export async function startMailServer(): Promise<MailServer> {
  if (program === undefined) throw new Error('Exim is not installed: apt-get install exim4-daemon-light');
  const path = program;
  const folder = await mkdtemp(join(tmpdir(), 'watchfloor-mail-'));
  const user = userInfo().uid === 0 ? 'Debian-exim' : userInfo().username;
  const file = (name: string): string => join(folder, name);
  const ca = makeCertificate(file);
  for (const name of ['spool', 'log', 'mail']) await mkdir(file(name));
  const [port = 0, tlsPort = 0] = await freePorts(2);
  writeFileSync(file('exim.conf'), configuration(folder, user, [port, tlsPort]));
  if (userInfo().uid === 0) {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, user])).stdout)));
    for (const name of ['.', 'spool', 'log', 'mail', 'server.key', 'server.pem']) await chown(file(name), uid ?? 0, gid ?? 0);
  }
  await chmod(file('server.key'), 0o600);

  let server: ChildProcess | null = null;
  const log = () =>
    ['mainlog', 'paniclog']
      .map((name) => (existsSync(file(`log/${name}`)) ? readFileSync(file(`log/${name}`), 'utf8') : ''))
      .join('\n')
      .slice(-4_000);
  const start = async () => {
    const child = spawn(path, ['-C', file('exim.conf'), '-bdf'], { stdio: ['ignore', 'ignore', 'pipe'] });
    server = child;
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    for (let i = 0; !(await answers(port)); i++) {
      if (child.exitCode !== null || i > 300) throw new Error(`Exim did not start: ${errors}\n${log()}`);
      await sleep(50);
    }
  };
  const stop = async () => {
    const child = server;
    server = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  };
  await start();

  return {
    port,
    tlsPort,
    ca,
    mails: async () => {
      const inbox = file('mail/new');
      if (!existsSync(inbox)) return [];
      const names = await readdir(inbox);
      return Promise.all(names.map(async (name) => PostalMime.parse(await readFile(join(inbox, name)))));
    },
    log,
    stop,
    start,
    async close() {
      await stop();
      // Deliveries run in processes of their own, which would create their files again.
      await eventually('deliveries end', () => allProcesses().every(({ command }) => !command.includes(folder)));
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const answer = await Promise.race([once(socket, 'data').then(() => true), once(socket, 'error').then(() => false)]).catch(() => false);
  socket.destroy();
  return answer;
}

/** Makes an authority and the server's certificate, signed by it. @returns the authority's certificate in PEM */
function makeCertificate(file: (name: string) => string): string {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-subj', '/CN=Mail authority', '-days', '2');
  openssl('req', ...key, '-keyout', file('server.key'), '-out', file('server.csr'), '-subj', '/CN=mail.test');
  writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1\n');
  const sign = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', file('names')];
  openssl('x509', '-req', '-in', file('server.csr'), ...sign, '-out', file('server.pem'));
  return readFileSync(file('ca.pem'), 'utf8');
}

const configuration = (folder: string, user: string, [port, tlsPort]: [number, number]): string => `
primary_hostname = mail.test
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
pid_file_path = ${folder}/spool/exim.pid
exim_user = ${user}
exim_group = ${user === 'Debian-exim' ? user : userInfo().gid}
deliver_drop_privilege = true
never_users =
keep_environment =
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port} : ${tlsPort}
tls_on_connect_ports = ${tlsPort}
tls_advertise_hosts = *
tls_certificate = ${folder}/server.pem
tls_privatekey = ${folder}/server.key
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}
acl_smtp_rcpt = recipients
acl_smtp_data = data
smtp_enforce_sync = true
begin acl
recipients:
  deny !authenticated = *
       message = 5.7.0 Authentication required
  deny local_parts = nobody
       message = 5.1.1 No such user here
  defer local_parts = later
       message = 4.2.1 The mailbox is locked
  deny !domains = mail.test
       message = 5.7.1 Relaying denied
  accept
data:
  accept
begin routers
local:
  driver = accept
  transport = mailbox
begin transports
mailbox:
  driver = appendfile
  directory = ${folder}/mail
  maildir_format
  envelope_to_add
  user = ${user}
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${mailAccount.username}}}{eq{$auth3}{${mailAccount.password}}}}}
  server_set_id = $auth2
`;
