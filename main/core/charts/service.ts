import { z } from 'zod';
import { type Chart, chart, chartDefinition, chartUsage } from '#common/contract/charts.ts';
import type { Client } from '#common/contract/client.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import type { StreamEvent } from '#common/contract/events.ts';
import { versionEntry } from '#common/contract/versions.ts';
import type { CachedValues } from '../cache/values.ts';
import { Coalesced } from '../coalesce.ts';
import { changeNow } from '../connections/call.ts';
import type { BackendConnection } from '../connections/connection.ts';
import type { Context } from '../context.ts';
import { appended } from './append.ts';

const keys = {
  list: 'chart-definitions',
  schema: 'chart-schema',
  usage: 'chart-usage',
  versions: (code: string) => `chart-versions/${code}`,
  version: (code: string, version: number) => `chart-versions/${code}/${version}`,
};
/** Events announce changes to definitions. Without one, they are read again after this time, ms. */
const freshMs = 300_000;
/** A version never changes. */
const foreverMs = Number.POSITIVE_INFINITY;
/** Minimum time between two reads, ms: an import makes many changes at once. */
const readEveryMs = 500;

type Handlers = ConsoleHandlers['charts'];

/** Chart definitions: cached copies, kept up to date by events, and changes, which need the backend. */
export class ChartsService {
  readonly handlers: Handlers;
  readonly #context: Context;
  readonly #cache: CachedValues;
  readonly #connectionOf: (id: string) => BackendConnection;
  /** Charts whose history has been requested, by connection. */
  readonly #asked = new Map<string, Set<string>>();
  readonly #reading = new Map<BackendConnection, Coalesced>();

  constructor(context: Context, cache: CachedValues, connectionOf: (id: string) => BackendConnection) {
    this.#context = context;
    this.#cache = cache;
    this.#connectionOf = connectionOf;
    this.handlers = { ...this.#readHandlers(), ...this.#changeHandlers() };
  }

  event(connection: BackendConnection, event: StreamEvent): void {
    if (event.type === 'chart.changed') this.#changed(connection);
    else if (event.type === 'dashboard.changed' || event.type === 'rule.changed') this.#touched(connection, 'usage');
  }

  /** Called after connecting: any chart may have changed, and a window may have asked before there was an answer. */
  live(connection: BackendConnection): void {
    this.#changed(connection);
  }

  close(): void {
    for (const reading of this.#reading.values()) reading.close();
  }

  /** Returns the library as it was last read from the backend. */
  async list(connection: BackendConnection): Promise<{ charts: Chart[]; asOf: number | null }> {
    const { value, asOf } = await this.#cache.get(connection, keys.list, {
      schema: z.array(chart),
      freshMs,
      ask: async (client) => (await client.charts.list()).items,
    });
    return { charts: value ?? [], asOf };
  }

  #readHandlers(): Pick<Handlers, 'list' | 'get' | 'usage' | 'versions' | 'version' | 'schema'> {
    const cache = this.#cache;
    const connectionOf = this.#connectionOf;
    return {
      list: ({ connectionId }) => this.list(connectionOf(connectionId)),
      get: async ({ connectionId, code }) => {
        const connection = connectionOf(connectionId);
        cache.invalidate(connection, keys.list);
        const { charts, asOf } = await this.list(connection);
        return { value: charts.find((one) => one.code === code) ?? null, asOf };
      },
      usage: ({ connectionId }) =>
        cache.get(connectionOf(connectionId), keys.usage, {
          schema: z.record(z.string(), chartUsage),
          freshMs,
          ask: async (client) => Object.fromEntries((await client.charts.usages()).items.map(({ code, ...usage }) => [code, usage])),
        }),
      versions: async ({ connectionId, code }) => {
        const connection = connectionOf(connectionId);
        const ask = async (client: Client) => (await client.charts.versions({ params: { code } })).items;
        const { value, asOf } = await cache.get(connection, this.#note(connection, keys.versions(code)), {
          schema: z.array(versionEntry),
          freshMs,
          ask,
        });
        return { value: value ?? [], asOf };
      },
      version: ({ connectionId, code, version }) => {
        const ask = (client: Client) => client.charts.version({ params: { code, version } });
        const schema = z.object({ entry: versionEntry, body: chartDefinition });
        return cache.get(connectionOf(connectionId), keys.version(code, version), { schema, freshMs: foreverMs, ask });
      },
      schema: ({ connectionId }) =>
        cache.get(connectionOf(connectionId), keys.schema, {
          schema: z.record(z.string(), z.unknown()),
          freshMs: foreverMs,
          ask: (client) => client.charts.schema(),
        }),
    };
  }

  #changeHandlers(): Pick<Handlers, 'create' | 'update' | 'remove' | 'rollback' | 'addToDashboard'> {
    const change = async <T>(id: string, work: Parameters<typeof changeNow<T>>[1]): Promise<T> => {
      const connection = this.#connectionOf(id);
      try {
        return await changeNow(connection, work);
      } finally {
        // Whether the change was made or refused, the screen may be out of date: the event arrives a moment later.
        this.#changed(connection);
      }
    };
    return {
      create: ({ connectionId, chart: body }) => change(connectionId, (client, call) => client.charts.create({ body }, call)),
      update: ({ connectionId, chart: body }) =>
        change(connectionId, (client, call) => client.charts.update({ params: { code: body.code }, body }, call)),
      remove: ({ connectionId, code }) => change(connectionId, (client, call) => client.charts.remove({ params: { code } }, call)),
      rollback: ({ connectionId, code, to, version }) =>
        change(connectionId, (client, call) => client.charts.rollback({ params: { code, version: to }, body: { version } }, call)),
      addToDashboard: ({ connectionId, dashboard: code, panel }) =>
        change(connectionId, async (client, call) => {
          const before = await client.dashboards.get({ params: { code } });
          const body = appended(before, panel);
          return (await client.dashboards.update({ params: { code }, body }, call)).dashboard;
        }),
    };
  }

  /** Reads the definitions again, so that current copies are available offline, and notifies the windows. */
  #changed(connection: BackendConnection): void {
    this.#cache.invalidate(connection, keys.list);
    this.#touched(connection, 'history');
    let reading = this.#reading.get(connection);
    if (reading === undefined) {
      const read = async (): Promise<void> =>
        this.#context.emit('charts', 'changed', { connectionId: connection.id, ...(await this.list(connection)) });
      const failed = (error: unknown): void => this.#context.log.warn({ err: error }, 'chart definitions could not be read');
      reading = new Coalesced(read, readEveryMs, failed);
      this.#reading.set(connection, reading);
    }
    reading.ask();
  }

  /** Changes to a chart change its history; changes to dashboards and rules change its usage. */
  #touched(connection: BackendConnection, what: 'history' | 'usage'): void {
    for (const key of what === 'usage' ? [keys.usage] : (this.#asked.get(connection.id) ?? [])) this.#cache.invalidate(connection, key);
    this.#context.emit('charts', 'touched', { connectionId: connection.id, what });
  }

  #note(connection: BackendConnection, key: string): string {
    const asked = this.#asked.get(connection.id) ?? new Set<string>();
    this.#asked.set(connection.id, asked.add(key));
    return key;
  }
}
