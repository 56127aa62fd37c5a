/**
 * Loaded into a backend before it starts (`NODE_OPTIONS=--import=…`): once armed by SIGUSR2, the process kills itself at one step of the
 * next transaction that names a table. WATCHFLOOR_TEST_KILL is `{ table, step }`: the statement before which it ends, counted from the
 * first that names the table, or `committed`: just after the commit. It reads what the process sends to its database, so it works on
 * the built backend, too.
 */
import { Socket } from 'node:net';
import { isMainThread, Worker } from 'node:worker_threads';

interface KillPoint {
  table: string;
  step: number | 'committed';
}

let isArmed = false;

/** One connection to a database: a SQLite thread, or a socket to PostgreSQL. */
class Connection {
  readonly #point: KillPoint;
  #isInTransaction = false;
  /** Statements of the transaction so far, from the first that names the table. */
  #steps = 0;

  constructor(point: KillPoint) {
    this.#point = point;
  }

  /** @returns whether the process must end when this statement is answered */
  send(sql: string): boolean {
    if (/^begin\b/i.test(sql)) {
      this.#isInTransaction = true;
      this.#steps = 0;
      return false;
    }
    if (/^(commit|rollback)\b/i.test(sql)) this.#isInTransaction = false;
    if (/^commit\b/i.test(sql)) return isArmed && this.#steps > 0 && this.#point.step === 'committed';
    if (this.#isInTransaction && (this.#steps > 0 || sql.includes(`"${this.#point.table}"`))) this.#steps++;
    if (isArmed && this.#isInTransaction && this.#steps > 0 && this.#steps === this.#point.step) die();
    return false;
  }
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

function watchThreads(connectionOf: (channel: object) => Connection): void {
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (this: Worker, message: { id?: number; request?: { sql?: string } }, ...rest: unknown[]) {
    if (connectionOf(this).send(message.request?.sql ?? '')) {
      this.prependListener('message', ({ id }: { id?: number }) => {
        if (id === message.id) die();
      });
    }
    return Reflect.apply(postMessage, this, [message, ...rest]);
  };
}

/** A query is the message `Q`, length, SQL; a prepared one is `P`, length, name, SQL. Every text ends with a zero byte. */
function watchSockets(connectionOf: (channel: object) => Connection): void {
  const { write } = Socket.prototype;
  Socket.prototype.write = function (this: Socket, chunk: unknown, ...rest: unknown[]) {
    if (Buffer.isBuffer(chunk) && (chunk[0] === 0x50 || chunk[0] === 0x51)) {
      const [first = '', second = ''] = chunk.toString('latin1', 5).split('\0');
      if (connectionOf(this).send(chunk[0] === 0x51 ? first : second)) {
        this.prependListener('data', (reply: Buffer) => {
          if (reply.includes('COMMIT\0')) die();
        });
      }
    }
    return Reflect.apply(write, this, [chunk, ...rest]);
  } as Socket['write'];
}

if (isMainThread && process.env['WATCHFLOOR_TEST_KILL'] !== undefined) {
  const point = JSON.parse(process.env['WATCHFLOOR_TEST_KILL']) as KillPoint;
  const connections = new WeakMap<object, Connection>();
  const connectionOf = (channel: object) => {
    const connection = connections.get(channel) ?? new Connection(point);
    connections.set(channel, connection);
    return connection;
  };
  process.on('SIGUSR2', () => {
    isArmed = true;
    process.stderr.write('armed\n');
  });
  watchThreads(connectionOf);
  watchSockets(connectionOf);
}
