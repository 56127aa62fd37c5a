import { statSync } from 'node:fs';
import { type Belt, type ConveyorStatus, type FaultKind, faultKind } from '#common/contract/conveyor.ts';
import { AppError } from '#common/contract/errors.ts';
import { type ConveyorFile, type FaultRow, openConveyorFile, type ProducerRow, type ReadingRow } from '../../conveyor/file.ts';

/** Number of periods without a write after which the producer counts as down. */
const downAfterPeriods = 3;

interface Counts {
  items: number | null;
  rejects: number | null;
  seconds: number | null;
}

function readable(row: ReadingRow | undefined, counts: Counts | undefined): Belt['reading'] {
  if (row === undefined || counts === undefined) return null;
  const { speed, current, items, rejects } = row;
  if (typeof speed !== 'number' || typeof current !== 'number' || typeof items !== 'number' || typeof rejects !== 'number') return null;
  const perMinute = 60 / (counts.seconds ?? 60);
  return {
    at: row.t,
    speed,
    current,
    itemsPerMinute: (counts.items ?? 0) * perMinute,
    rejectsPerMinute: (counts.rejects ?? 0) * perMinute,
  };
}

function producerState(row: ProducerRow, now: number): ConveyorStatus['producer'] {
  if (row.wanted_running !== 1) return 'stopped';
  return row.written_at !== null && now - row.written_at <= downAfterPeriods * row.period_ms ? 'running' : 'down';
}

function statements(database: ConveyorFile) {
  return {
    producer: database.prepare<[], ProducerRow>('SELECT wanted_running, written_at, period_ms, pid FROM producer'),
    belts: database.prepare<[], { belt: string; name: string }>('SELECT belt, name FROM belts ORDER BY belt'),
    faults: database.prepare<[], FaultRow>('SELECT belt, kind, since, by_name FROM faults'),
    last: database.prepare<[string], ReadingRow>('SELECT * FROM readings WHERE belt = ? ORDER BY t DESC LIMIT 1'),
    // As in the loaders: a rate over the last minute, from the readable rows.
    counts: database.prepare<[string, number], Counts>(
      `SELECT SUM(items) AS items, SUM(rejects) AS rejects, SUM(period_s) AS seconds FROM readings
       WHERE belt = ? AND t > ? AND typeof(items) = 'real' AND typeof(rejects) = 'real'`,
    ),
    inject: database.prepare('INSERT OR REPLACE INTO faults (belt, kind, since, by_name) VALUES (?, ?, ?, ?)'),
    clear: database.prepare('DELETE FROM faults WHERE belt = ?'),
    run: database.prepare('UPDATE producer SET wanted_running = ?'),
  };
}

type Statements = ReturnType<typeof statements>;

/** @throws AppError not_found */
function checkBeltExists(sql: Statements, belt: string): void {
  const codes = sql.belts.all().map((row) => row.belt);
  if (!codes.includes(belt)) {
    throw new AppError('not_found', `There is no belt "${belt}".`, { field: 'belt', hint: `The belts are ${codes.join(', ')}.` });
  }
}

/**
 * Access to the control tables of the plant's database, which operators may read and change. Opens `file` when it is first used, and again
 * if it was replaced. Every call is one short transaction.
 */
export class Control {
  readonly #file: string;
  #open: { database: ConveyorFile; inode: bigint; sql: Statements } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  status(now: number): ConveyorStatus {
    return this.#use('deferred', (sql) => {
      const producer = sql.producer.get();
      if (producer === undefined) throw new AppError('unavailable', 'The conveyor’s producer is just starting.', { hint: 'Try again.' });
      const faults = new Map(sql.faults.all().map((row) => [row.belt, row]));
      return {
        producer: producerState(producer, now),
        lastWriteAt: producer.written_at,
        periodMs: producer.period_ms,
        belts: sql.belts.all().map(({ belt, name }) => {
          const fault = faults.get(belt);
          const last = sql.last.get(belt);
          const kind = faultKind.safeParse(fault?.kind);
          return {
            code: belt,
            name,
            fault: fault !== undefined && kind.success ? { kind: kind.data, since: fault.since, by: fault.by_name } : null,
            reading: readable(last, last && sql.counts.get(belt, last.t - 60_000)),
          };
        }),
      };
    });
  }

  inject(belt: string, kind: FaultKind, by: string, now: number): void {
    this.#use('immediate', (sql) => {
      checkBeltExists(sql, belt);
      sql.inject.run(belt, kind, now, by);
    });
  }

  clear(belt: string): void {
    this.#use('immediate', (sql) => {
      checkBeltExists(sql, belt);
      sql.clear.run(belt);
    });
  }

  setRunning(running: boolean): void {
    this.#use('immediate', (sql) => sql.run.run(running ? 1 : 0));
  }

  close(): void {
    this.#open?.database.close();
    this.#open = undefined;
  }

  /** @throws AppError unavailable when the file is not there or cannot be used */
  #use<T>(mode: 'deferred' | 'immediate', work: (sql: Statements) => T): T {
    try {
      const { database, sql } = this.#current();
      return database.transaction(work)[mode](sql);
    } catch (error) {
      if (error instanceof AppError) throw error;
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      throw new AppError(
        'unavailable',
        missing
          ? `The conveyor has not run yet: there is no ${this.#file}.`
          : `The conveyor’s database ${this.#file} cannot be used just now.`,
        {
          hint: 'Start the producer: `npm start` does, or `cli.ts conveyor --file` with this path.',
          cause: error,
        },
      );
    }
  }

  /** Returns the open database of the file that is there now. */
  #current(): { database: ConveyorFile; sql: Statements } {
    const { ino } = statSync(this.#file, { bigint: true });
    if (this.#open !== undefined && this.#open.inode !== ino) this.close();
    if (this.#open !== undefined) return this.#open;
    const database = openConveyorFile(this.#file);
    try {
      this.#open = { database, inode: ino, sql: statements(database) };
      return this.#open;
    } catch (error) {
      database.close();
      throw error;
    }
  }
}
