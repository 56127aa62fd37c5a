/**
 * Loaded into a backend before it starts (`NODE_OPTIONS=--import=…`): once armed by SIGUSR2, the process kills itself at one step of the
 * next transaction that names a table. WATCHFLOOR_TEST_KILL is `{ table, step }`: the statement before which it ends, counted from the
 * first that names the table, or `committed`: just after the commit.
 */
import { isMainThread } from 'node:worker_threads';
import type { Database, Tx } from '#backend/engines/database/port.ts';
import { PostgresDatabase } from '#backend/engines/database/postgres/index.ts';
import { SqliteDatabase } from '#backend/engines/database/sqlite/index.ts';

interface KillPoint {
  table: string;
  step: number | 'committed';
}
type Transact = Database['transaction'];

if (isMainThread && process.env['WATCHFLOOR_TEST_KILL'] !== undefined) {
  const { table, step } = JSON.parse(process.env['WATCHFLOOR_TEST_KILL']) as KillPoint;
  let isArmed = false;
  process.on('SIGUSR2', () => {
    isArmed = true;
    process.stderr.write('armed\n');
  });
  const die = () => process.kill(process.pid, 'SIGKILL');

  for (const adapter of [SqliteDatabase, PostgresDatabase]) {
    const transaction = adapter.prototype.transaction as Transact;
    adapter.prototype.transaction = async function <T>(this: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
      let steps = 0;
      const result = await transaction.call(this, (tx: Tx) => {
        steps = 0;
        const executor = tx.getExecutor();
        const execute = executor.executeQuery;
        executor.executeQuery = (query, options) => {
          if (steps > 0 || query.sql.includes(`"${table}"`)) steps++;
          if (isArmed && steps > 0 && steps === step) die();
          return execute.call(executor, query, options) as never;
        };
        return work(tx);
      });
      if (isArmed && steps > 0 && step === 'committed') die();
      return result as T;
    };
  }
}
