import { z } from 'zod';
import type { Chart } from '#common/contract/charts.ts';
import type { Client } from '#common/contract/client.ts';
import type { Cached } from '#common/contract/console/cached.ts';
import type { SaveOutcome } from '#common/contract/console/dashboards.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import { type Dashboard, type DashboardBody, dashboard, dashboardBody, dashboardSummary, thumbnail } from '#common/contract/dashboards.ts';
import { AppError } from '#common/contract/errors.ts';
import type { StreamEvent } from '#common/contract/events.ts';
import { versionEntry } from '#common/contract/versions.ts';
import { exportDashboard } from '#common/dashboards/format.ts';
import { bodyOf } from '#common/versions/shape.ts';
import { problemError } from '#common/words/problems.ts';
import type { CachedValues } from '../cache/values.ts';
import { changeNow } from '../connections/call.ts';
import type { BackendConnection } from '../connections/connection.ts';
import type { Context } from '../context.ts';

const keys = {
  list: 'dashboards',
  one: (code: string) => `dashboard/${code}`,
  versions: (code: string) => `dashboard-versions/${code}`,
  version: (code: string, version: number) => `dashboard-version/${code}/${version}`,
  thumbnail: (code: string) => `dashboard-thumbnail/${code}`,
};
/** Events announce changes to dashboards. Without one, they are read again after this time, ms. */
const freshMs = 60_000;
type Handlers = ConsoleHandlers['dashboards'];
interface Library {
  charts: readonly Chart[];
  /** When the backend last confirmed it, ms; null when it was never read. */
  asOf: number | null;
}
const oneVersion = z.object({ entry: versionEntry, body: dashboardBody });

/** Dashboards: cached copies, kept up to date by events; drafts on this computer; saves, which need the backend. */
export class DashboardsService {
  readonly handlers: Handlers;
  readonly #context: Context;
  readonly #cache: CachedValues;
  readonly #connectionOf: (id: string) => BackendConnection;
  readonly #library: (connection: BackendConnection) => Promise<Library>;

  /** @param library the cached chart library */
  constructor(
    context: Context,
    cache: CachedValues,
    connectionOf: (id: string) => BackendConnection,
    library: (connection: BackendConnection) => Promise<Library>,
  ) {
    this.#context = context;
    this.#cache = cache;
    this.#connectionOf = connectionOf;
    this.#library = library;
    this.handlers = { ...this.#readHandlers(), ...this.#changeHandlers(), ...this.#draftHandlers() };
  }

  async event(connection: BackendConnection, event: StreamEvent): Promise<void> {
    if (event.type !== 'dashboard.changed') return;
    const { dashboardCode, version, by } = event.data;
    if (version === null) await this.#gone(connection, dashboardCode, by);
    else {
      this.#invalidate(connection, dashboardCode);
      this.#changed(connection, dashboardCode, version, by);
    }
  }

  /** Called after reconnecting: any dashboard may have changed. */
  live(connection: BackendConnection): void {
    this.#changed(connection, null, null, '');
  }

  #readHandlers(): Pick<Handlers, 'list' | 'get' | 'versions' | 'version' | 'thumbnail' | 'export'> {
    return {
      list: async ({ connectionId }) => {
        const ask = async (client: Client) => (await client.dashboards.list({ query: {} })).items;
        const { value, asOf } = await this.#cache.get(this.#connectionOf(connectionId), keys.list, {
          schema: z.array(dashboardSummary),
          freshMs,
          ask,
        });
        return { value: value ?? [], asOf };
      },
      get: ({ connectionId, code }) => this.#read(this.#connectionOf(connectionId), code),
      versions: async ({ connectionId, code }) => {
        const ask = async (client: Client) => (await client.dashboards.versions({ params: { code } })).items;
        const { value, asOf } = await this.#cache.get(this.#connectionOf(connectionId), keys.versions(code), {
          schema: z.array(versionEntry),
          freshMs: 2_000,
          ask,
        });
        return { value: value ?? [], asOf };
      },
      version: ({ connectionId, code, version }) =>
        this.#cache
          .get(this.#connectionOf(connectionId), keys.version(code, version), {
            schema: oneVersion,
            // A version never changes.
            freshMs: Number.POSITIVE_INFINITY,
            ask: (client) => client.dashboards.version({ params: { code, version } }),
          })
          .then(({ value, asOf }) => ({ value, asOf })),
      thumbnail: async ({ connectionId, code }) => {
        const { value } = await this.#cache.get(this.#connectionOf(connectionId), keys.thumbnail(code), {
          schema: thumbnail.nullable(),
          freshMs,
          ask: async (client) => (await client.dashboards.thumbnail({ params: { code } })).thumbnail,
        });
        return value;
      },
      export: async ({ connectionId, code }) => {
        const connection = this.#connectionOf(connectionId);
        const { value } = await this.#read(connection, code);
        if (value === null) throw problemError('dashboard_unknown', { code }, { field: 'code' });
        const { charts, asOf } = await this.#library(connection);
        if (asOf === null && value.panels.some(({ kind }) => kind === 'library')) throw libraryUnknown();
        const file = exportDashboard(dashboardBody.parse(bodyOf(value)), charts);
        return { name: `${code}.json`, text: `${JSON.stringify(file, null, 2)}\n` };
      },
    };
  }

  #changeHandlers(): Pick<Handlers, 'save' | 'remove' | 'rollback' | 'star' | 'setThumbnail' | 'import'> {
    return {
      save: async ({ connectionId, body, version }) => {
        const connection = this.#connectionOf(connectionId);
        const outcome = await this.#save(connection, body, version);
        if (outcome.state === 'conflict') return outcome;
        await this.#took(connection, outcome.dashboard);
        await this.#dropDraft(connectionId, body.code);
        return outcome;
      },
      remove: async ({ connectionId, code }) => {
        const connection = this.#connectionOf(connectionId);
        await changeNow(connection, (client, options) => client.dashboards.remove({ params: { code } }, options));
        await this.#gone(connection, code, connection.profile.username ?? '');
      },
      rollback: async ({ connectionId, code, to, version }) => {
        const connection = this.#connectionOf(connectionId);
        const call = { params: { code, version: to }, body: { version } };
        const changed = await changeNow(connection, (client, options) => client.dashboards.rollback(call, options));
        await this.#took(connection, changed);
        return changed;
      },
      star: async ({ connectionId, code, starred }) => {
        const connection = this.#connectionOf(connectionId);
        await changeNow(
          connection,
          (client, options) => client.dashboards.star({ params: { code }, body: { starred } }, options),
          'VIEWER',
        );
        this.#cache.invalidate(connection, keys.list);
        this.#changed(connection, null, null, '');
      },
      setThumbnail: async ({ connectionId, code, thumbnail: picture }) => {
        const connection = this.#connectionOf(connectionId);
        await changeNow(connection, (client, options) => client.dashboards.setThumbnail({ params: { code }, body: picture }, options));
        await this.#cache.put(connection, keys.thumbnail(code), picture);
        this.#changed(connection, code, picture.version, '');
      },
      import: async ({ connectionId, text, keep, code, folder }) => {
        const connection = this.#connectionOf(connectionId);
        const body = { json: parsed(text), keep, folder, ...(code === undefined ? {} : { code }) };
        const imported = await changeNow(connection, (client, options) => client.dashboards.import({ body }, options));
        if (keep) this.#invalidate(connection, imported.dashboard.code);
        return imported;
      },
    };
  }

  /** Drafts stay on this computer. */
  #draftHandlers(): Pick<Handlers, 'draft' | 'drafts' | 'keepDraft' | 'dropDraft'> {
    const { database, emit, now } = this.#context;
    return {
      draft: ({ connectionId, code }) => database.read.draft({ connectionId, code }),
      drafts: ({ connectionId }) => database.read.drafts({ connectionId }),
      keepDraft: async ({ connectionId, body, version }) => {
        // Only its name is used: drafts of a removed connection can't be saved.
        this.#connectionOf(connectionId);
        await database.write.keepDraft({ connectionId, body, version, now: now() });
        emit('dashboards', 'draftsChanged', { connectionId });
      },
      dropDraft: ({ connectionId, code }) => this.#dropDraft(connectionId, code),
    };
  }

  #read(connection: BackendConnection, code: string): Promise<Cached<Dashboard | null>> {
    return this.#cache.get(connection, keys.one(code), {
      schema: dashboard,
      freshMs,
      ask: (client) => client.dashboards.get({ params: { code } }),
    });
  }

  async #save(connection: BackendConnection, body: DashboardBody, version: number | null): Promise<SaveOutcome> {
    if (version === null) {
      return { state: 'saved', dashboard: await changeNow(connection, (client, options) => client.dashboards.create({ body }, options)) };
    }
    try {
      const call = { params: { code: body.code }, body: { ...body, version } };
      const { dashboard: saved, merged } = await changeNow(connection, (client, options) => client.dashboards.update(call, options));
      return { state: merged ? 'merged' : 'saved', dashboard: saved };
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'version_conflict')) throw error;
      const theirs = await connection.client.dashboards.get({ params: { code: body.code } });
      return { state: 'conflict', theirs, base: await this.#base(connection, body.code, version), message: error.message };
    }
  }

  async #base(connection: BackendConnection, code: string, version: number): Promise<DashboardBody | null> {
    try {
      return (await connection.client.dashboards.version({ params: { code, version } })).body;
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return null;
      throw error;
    }
  }

  async #took(connection: BackendConnection, changed: Dashboard): Promise<void> {
    this.#invalidate(connection, changed.code);
    await this.#cache.put(connection, keys.one(changed.code), changed);
    this.#changed(connection, changed.code, changed.version, changed.updatedBy);
  }

  async #gone(connection: BackendConnection, code: string, by: string): Promise<void> {
    this.#invalidate(connection, code);
    // While offline, a deleted dashboard must not reappear from its cached copy.
    await this.#cache.put(connection, keys.one(code), null);
    this.#cache.invalidate(connection, keys.one(code));
    this.#changed(connection, code, null, by);
  }

  async #dropDraft(connectionId: string, code: string): Promise<void> {
    if (await this.#context.database.write.dropDraft({ connectionId, code })) {
      this.#context.emit('dashboards', 'draftsChanged', { connectionId });
    }
  }

  #invalidate(connection: BackendConnection, code: string): void {
    for (const key of [keys.list, keys.one(code), keys.versions(code), keys.thumbnail(code)]) this.#cache.invalidate(connection, key);
  }

  #changed(connection: BackendConnection, code: string | null, version: number | null, by: string): void {
    this.#context.emit('dashboards', 'changed', { connectionId: connection.id, code, version, by });
  }
}

const libraryUnknown = (): AppError => problemError('charts_never_read', {});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw problemError('not_json', {}, { field: 'text', cause });
  }
}
