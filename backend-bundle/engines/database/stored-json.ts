import { type Kysely, sql } from 'kysely';
import type { Logger } from 'pino';
import { z } from 'zod';
import { AppError } from '#common/contract/errors.ts';
import { type Owner, owners, type TableName, type Tables } from './tables.ts';

/** The location of a stored value. */
export interface StoredPlace {
  table: TableName;
  /** The columns that name the row, with their values. */
  row: Readonly<Record<string, string | number>>;
  column: string;
}

/** Thrown for a stored value that cannot be read. The value may contain secrets, so neither the message nor the log includes it. */
export class UnreadableValue extends AppError {
  readonly place: StoredPlace;
  readonly #text: string;

  constructor(place: StoredPlace, text: string, cause: unknown) {
    super('internal', `${describePlace(place)} in the database can’t be read: ${reasonOf(cause)}`, {
      hint: 'Restore this row from a backup, or correct it in the database.',
      // Node's message quotes the text that it could not parse.
      cause: cause instanceof SyntaxError ? undefined : cause,
    });
    this.place = place;
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }
}

/**
 * Reads a column that holds JSON. It is validated like any other input, because another version or a person may have written it.
 * @throws UnreadableValue naming table, row and column, and what is wrong
 */
export function parseStored<S extends z.ZodType>(schema: S, text: string, place: StoredPlace): z.output<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UnreadableValue(place, text, cause);
  }
}

/**
 * Rows that are left out of lists because a value in them cannot be read. Each is logged once and stays in its service's health report
 * until it is corrected or deleted.
 */
export class UnreadableRows {
  readonly #query: Kysely<Tables>;
  readonly #log: Logger;
  readonly #known = new Map<string, UnreadableValue>();

  constructor(query: Kysely<Tables>, log: Logger) {
    this.#query = query;
    this.#log = log;
  }

  /** @returns what `read` returns; null when that cannot be read. Other errors of `read` are thrown */
  leaveOut<T>(read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      return this.note(error);
    }
  }

  /** @throws the error, when it is of another kind */
  note(error: unknown): null {
    if (!(error instanceof UnreadableValue)) throw error;
    const key = describePlace(error.place);
    if (this.#known.get(key)?.text !== error.text) this.#log.error({ err: error }, `left out: ${error.message}`);
    this.#known.set(key, error);
    return null;
  }

  /** Returns the unreadable values in an owner's tables, for the health report. Rows that have been corrected or deleted are dropped. */
  async list(owner: Owner): Promise<UnreadableValue[]> {
    const known = [...this.#known].filter(([, { place }]) => owners[place.table] === owner);
    for (const [key, value] of known) if (!(await this.#isUnchanged(value))) this.#known.delete(key);
    return known.filter(([key]) => this.#known.has(key)).map(([, value]) => value);
  }

  /** Returns one sentence for the health report of a service; null when all its rows can be read. */
  async describe(owner: Owner): Promise<string | null> {
    const [first, ...more] = await this.list(owner);
    if (first === undefined) return null;
    const others = more.length === 0 ? '' : ` ${more.length} more can’t be read.`;
    return `Left out: ${first.message}${others}`;
  }

  async #isUnchanged({ place: { table, row, column }, text }: UnreadableValue): Promise<boolean> {
    const conditions = Object.entries(row).map(([name, value]) => sql`${sql.ref(name)} = ${value}`);
    const found = await sql<{ text: string | null }>`
      select ${sql.ref(column)} as text from ${sql.table(table)} where ${sql.join(conditions, sql` and `)}`.execute(this.#query);
    return found.rows[0]?.text === text;
  }
}

function describePlace({ table, row, column }: StoredPlace): string {
  const values = Object.entries(row).map(([name, value]) => `${name} “${value}”`);
  return `Column ${column} of table ${table}, row ${values.join(', ')},`;
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return 'it is not JSON.';
  const [issue] = cause.issues;
  if (issue === undefined) return 'it does not match the contract.';
  const message = issue.message.replace(/\.$/, '');
  return issue.path.length === 0 ? `${message}.` : `at ${issue.path.join('.')}: ${message}.`;
}
