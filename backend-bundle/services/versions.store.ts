import type { z } from 'zod';
import { type ChartDefinition, chartDefinition, charts as chartsApi } from '#common/contract/charts.ts';
import { type DashboardBody, dashboardBody, dashboards as dashboardsApi } from '#common/contract/dashboards.ts';
import { AppError } from '#common/contract/errors.ts';
import { type RuleInput, rules as rulesApi, storedRule } from '#common/contract/rules.ts';
import type { VersionEntry } from '#common/contract/versions.ts';
import { diffDocuments } from '#common/versions/diff.ts';
import { describePlaces } from '#common/versions/words.ts';
import type { AnyQueries, Queries, Tx } from '../engines/database/port.ts';
import { parseStored } from '../engines/database/stored-json.ts';
import type { TableName } from '../engines/database/tables.ts';
import type { Engines } from '../engines/port.ts';
import { audit } from './audit.ts';
import { checkNotReserved } from './codes.ts';
import { ship, shipper } from './shipped.store.ts';

/** Note of a version that was shipped with the product. */
const shippedNote = 'shipped';
const deletedNote = 'deleted';

/** Authors and times of the newest and the first version. */
export interface VersionRecord {
  version: number;
  createdAt: number;
  createdBy: string;
  updatedAt: number;
  updatedBy: string;
}
/** The services that keep versions. */
type Keeper = 'charts' | 'dashboards' | 'alerting';
/** A handle to the tables of all three services: `Versions` receives the table names when it is created. */
const tablesIn = (db: AnyQueries) => db as Queries<Keeper>;

/** The current version of a definition, with its authors and times. */
export interface Versioned<B> {
  body: B;
  record: VersionRecord;
}

const tables = {
  chart: { current: 'charts', history: 'chart_versions', shipped: 'shipped_charts' },
  dashboard: { current: 'dashboards', history: 'dashboard_versions', shipped: 'shipped_dashboards' },
  rule: { current: 'rules', history: 'rule_versions', shipped: 'shipped_rules' },
} as const;

interface Kind<B> {
  what: keyof typeof tables;
  body: z.ZodType<B>;
  /** The path below which each definition has its address. */
  path: string;
}

type VersionParts = Pick<Engines, 'bus' | 'now'> & { database: Pick<Engines['database'], 'unreadable'> };

/** Definitions with a history. Every change stores a version with its author, an audit entry and an event, in one transaction. */
export class Versions<B extends { code: string }, O extends Keeper> {
  readonly #kind: Kind<B>;
  readonly #engines: VersionParts;
  readonly #known = new Map<string, { version: number; definition: Versioned<B> }>();
  /** The last parsed body of each definition, with its text: after a rollback, the same version may have another text. */
  readonly #parsed = new Map<string, { text: string; body: B }>();

  constructor(kind: Kind<B>, engines: VersionParts) {
    this.#kind = kind;
    this.#engines = engines;
  }

  get #table() {
    return tables[this.#kind.what].current;
  }
  get #history() {
    return tables[this.#kind.what].history;
  }

  /** Returns all readable definitions; only changed ones are parsed again. Unreadable ones are left out. */
  async list(db: Queries<O>): Promise<Versioned<B>[]> {
    const rows = await tablesIn(db).selectFrom(this.#table).select(['code', 'version']).orderBy('code').execute();
    const changed = rows.filter(({ code, version }) => this.#known.get(code)?.version !== version).map(({ code }) => code);
    for (let from = 0; from < changed.length; from += 500) {
      const part = tablesIn(db)
        .selectFrom(this.#table)
        .selectAll()
        .where('code', 'in', changed.slice(from, from + 500));
      for (const row of await part.execute()) {
        const definition = this.#engines.database.unreadable.leaveOut(() => this.#toVersioned(row));
        if (definition === null) this.#known.delete(row.code);
        else this.#known.set(row.code, { version: row.version, definition });
      }
    }
    const codes = new Set(rows.map(({ code }) => code));
    for (const code of this.#known.keys()) {
      if (codes.has(code)) continue;
      this.#known.delete(code);
      this.#parsed.delete(code);
    }
    return rows.flatMap(({ code }) => this.#known.get(code)?.definition ?? []);
  }

  /** @throws UnreadableValue */
  async find(db: Queries<O>, code: string): Promise<Versioned<B> | null> {
    const row = await tablesIn(db).selectFrom(this.#table).selectAll().where('code', '=', code).executeTakeFirst();
    return row === undefined ? null : this.#toVersioned(row);
  }

  /** @throws AppError not_found; UnreadableValue */
  async get(db: Queries<O>, code: string): Promise<Versioned<B>> {
    const definition = await this.find(db, code);
    if (definition === null) throw this.#missing(code);
    return definition;
  }

  /** Creates a definition, continuing the history of a deleted one with the same code. @throws AppError conflict when the code is taken */
  async create(tx: Tx<O>, body: B, by: string, note = 'created'): Promise<Versioned<B>> {
    checkNotReserved(this.#kind.what, this.#kind.path, body.code);
    if ((await this.find(tx, body.code)) !== null) throw this.taken(body.code);
    return this.#write(tx, null, body, by, note);
  }

  /** Returns the error for a new definition whose code is taken. */
  taken(code: string): AppError {
    return new AppError('conflict', `A ${this.#kind.what} with the code “${code}” exists already.`, {
      field: 'code',
      hint: `Choose another code, or change that ${this.#kind.what}.`,
    });
  }

  /** @param before the definition as read in `tx` */
  async replace(tx: Tx<O>, before: Versioned<B>, body: B, by: string, note = 'changed'): Promise<Versioned<B>> {
    return this.#write(tx, before, body, by, note);
  }

  /**
   * Stores what the product ships, each change as a version with the note “shipped”.
   * @param onReplaced called after a stored definition was replaced
   */
  async ship(tx: Tx<O>, contents: readonly B[], onReplaced?: (before: Versioned<B>, after: B) => Promise<void>): Promise<void> {
    const { unreadable } = this.#engines.database;
    const stored = (before: Versioned<B>) => ({
      body: before.body,
      lastChangedBy: before.record.updatedBy,
      replace: async (next: B) => {
        await this.replace(tx, before, next, shipper, shippedNote);
        await onReplaced?.(before, next);
      },
    });
    await ship(tx, {
      table: tables[this.#kind.what].shipped,
      schema: this.#kind.body,
      contents,
      unreadable,
      find: async (code) => {
        try {
          const before = await this.find(tx, code);
          return before === null ? null : stored(before);
        } catch (error) {
          // An unreadable one must be restored by a person, and does not prevent the start.
          unreadable.note(error);
          return 'unreadable';
        }
      },
      create: (content) => this.create(tx, content, shipper, shippedNote),
    });
  }

  async remove(tx: Tx<O>, { body, record }: Versioned<B>, by: string): Promise<void> {
    const at = this.#engines.now();
    await tablesIn(tx).deleteFrom(this.#table).where('code', '=', body.code).execute();
    await this.#remember(tx, body, { version: record.version + 1, at, by, note: deletedNote });
    await this.#publish(tx, body.code, null, by);
    await audit(tx, { actor: by, action: `${this.#kind.what}.deleted`, entity: body.code, detail: { version: record.version }, at });
  }

  /** Returns the versions of a definition, newest first, even if it was deleted. @throws AppError not_found when it never existed */
  async history(db: Queries<O>, code: string): Promise<VersionEntry[]> {
    const rows = await tablesIn(db)
      .selectFrom(this.#history)
      .select(['version', 'at', 'by_name', 'note'])
      .where('code', '=', code)
      .orderBy('version', 'desc')
      .execute();
    if (rows.length === 0) throw this.#missing(code);
    return rows.map(({ version, at, by_name: by, note }) => ({ version, at, by, note }));
  }

  /** @throws AppError not_found */
  async at(db: Queries<O>, code: string, version: number): Promise<{ entry: VersionEntry; body: B }> {
    const row = await tablesIn(db)
      .selectFrom(this.#history)
      .selectAll()
      .where('code', '=', code)
      .where('version', '=', version)
      .executeTakeFirst();
    if (row === undefined) {
      const [newest] = await this.history(db, code);
      throw new AppError('not_found', `There is no version ${version} of ${this.#kind.what} “${code}”.`, {
        field: 'version',
        hint: `Its versions go up to ${newest?.version ?? 0}.`,
      });
    }
    return { entry: { version, at: row.at, by: row.by_name, note: row.note }, body: this.#parse(row, this.#history) };
  }

  /**
   * Restores an earlier version by storing it as the newest one, even if the definition was deleted since.
   * @param read the newest version the caller knows
   * @param completed fills in what versions of earlier releases lack
   * @throws AppError not_found; version_conflict when there is a newer one
   */
  async rollback(
    tx: Tx<O>,
    code: string,
    version: number,
    read: number,
    by: string,
    completed = (body: B): B => body,
  ): Promise<Versioned<B>> {
    const body = completed((await this.at(tx, code, version)).body);
    const before = await this.find(tx, code);
    const newest = before?.record.version ?? (await this.#lastVersion(tx, code));
    if (newest !== read) throw before === null ? this.#stale(code, read, newest) : await this.conflict(tx, before, read);
    return this.#write(tx, before, body, by, `rolled back to ${version}`);
  }

  /** Returns the error for a change that started from an older version. It names what was changed in between. */
  async conflict(db: Queries<O>, now: Versioned<B>, read: number): Promise<AppError> {
    const { body, record } = now;
    const base = await this.at(db, body.code, read).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'not_found') return null;
      throw error;
    });
    if (base === null) return this.#stale(body.code, read, record.version);
    const places = describePlaces(
      diffDocuments(base.body, body).map((change) => change.path),
      [body, base.body],
    );
    return new AppError(
      'version_conflict',
      `${record.updatedBy} changed ${this.#kind.what} “${body.code}” in the meantime (${places}): it is at version ${record.version}, your change was based on version ${read}.`,
      { field: 'version', hint: 'Load it again, look at what changed, and repeat your change.' },
    );
  }

  #stale(code: string, read: number, newest: number): AppError {
    return new AppError('version_conflict', `${capital(this.#kind.what)} “${code}” is at version ${newest}, not ${read}.`, {
      field: 'version',
      hint: 'Load it again, and repeat your change.',
    });
  }

  async #write(tx: Tx<O>, before: Versioned<B> | null, body: B, by: string, note: string): Promise<Versioned<B>> {
    const { code } = body;
    const at = this.#engines.now();
    const newest = before?.record.version ?? (await this.#lastVersion(tx, code));
    const version = newest + 1;
    const created =
      before === null ? { created_at: at, created_by: by } : { created_at: before.record.createdAt, created_by: before.record.createdBy };
    const row = { code, definition: JSON.stringify(body), version, ...created, updated_at: at, updated_by: by };
    if (before === null) await tablesIn(tx).insertInto(this.#table).values(row).execute();
    else await tablesIn(tx).updateTable(this.#table).set(row).where('code', '=', code).execute();
    await this.#remember(tx, body, { version, at, by, note });
    await this.#publish(tx, code, version, by);
    const changed = before === null ? {} : { changed: diffDocuments(before.body, body).map((change) => change.path.join('.')) };
    const action = `${this.#kind.what}.${before === null ? 'created' : 'updated'}`;
    await audit(tx, { actor: by, action, entity: code, detail: { version, note, ...changed }, at });
    return this.#toVersioned(row);
  }

  /** Returns the highest version number ever used; 0 when there is none. */
  async #lastVersion(db: Queries<O>, code: string): Promise<number> {
    const newest = tablesIn(db).selectFrom(this.#history).select('version').where('code', '=', code).orderBy('version', 'desc').limit(1);
    return (await newest.executeTakeFirst())?.version ?? 0;
  }

  async #remember(tx: Tx<O>, body: B, { version, at, by, note }: VersionEntry): Promise<void> {
    const row = { code: body.code, version, at, by_name: by, note, definition: JSON.stringify(body) };
    await tablesIn(tx).insertInto(this.#history).values(row).execute();
  }

  async #publish(tx: Tx<O>, code: string, version: number | null, by: string): Promise<void> {
    const { bus } = this.#engines;
    switch (this.#kind.what) {
      case 'chart':
        return bus.publish(tx, 'chart.changed', { chartCode: code, version, by });
      case 'dashboard':
        return bus.publish(tx, 'dashboard.changed', { dashboardCode: code, version, by });
      case 'rule':
        return bus.publish(tx, 'rule.changed', { ruleCode: code, version, by });
    }
  }

  #toVersioned(row: Row): Versioned<B> {
    const { version, created_at: createdAt, created_by: createdBy, updated_at: updatedAt, updated_by: updatedBy } = row;
    return { body: this.#body(row), record: { version, createdAt, createdBy, updatedAt, updatedBy } };
  }

  /** Returns the body, parsed once per version. */
  #body(row: Row): B {
    const known = this.#parsed.get(row.code);
    if (known?.text === row.definition) return known.body;
    const body = this.#parse(row, this.#table);
    this.#parsed.set(row.code, { text: row.definition, body });
    return body;
  }

  #parse({ code, definition, ...of }: { code: string; definition: string; version: number }, table: TableName): B {
    const row = table === this.#history ? { code, version: of.version } : { code };
    return parseStored(this.#kind.body, definition, { table, row, column: 'definition' });
  }

  #missing(code: string): AppError {
    return new AppError('not_found', `There is no ${this.#kind.what} “${code}”.`, { field: 'code', hint: 'It may have been deleted.' });
  }
}

interface Row extends Record<'code' | 'definition' | 'created_by' | 'updated_by', string> {
  version: number;
  created_at: number;
  updated_at: number;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export function chartVersions(engines: VersionParts): Versions<ChartDefinition, 'charts'> {
  return new Versions({ what: 'chart', body: chartDefinition, path: chartsApi.create.path }, engines);
}

export function dashboardVersions(engines: VersionParts): Versions<DashboardBody, 'dashboards'> {
  return new Versions({ what: 'dashboard', body: dashboardBody, path: dashboardsApi.create.path }, engines);
}

export function ruleVersions(engines: VersionParts): Versions<RuleInput, 'alerting'> {
  return new Versions({ what: 'rule', body: storedRule, path: rulesApi.create.path }, engines);
}
