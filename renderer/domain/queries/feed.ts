import type { Query, QueryClient } from '@tanstack/react-query';
import { alertKey, applyDelta } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Cached } from '#common/contract/console/cached.ts';
import type { ConsoleClient } from '#common/contract/console/index.ts';
import type { ConveyorStatus } from '#common/contract/conveyor.ts';
import type { Loader } from '#common/contract/loaders.ts';
import { feedDashboards } from './dashboards.ts';
import { queryKeys, type RangeQuery } from './keys.ts';
import { largePoints, pointsOf, type SeriesPicture } from './newest.ts';
import { readingProgressed } from './readings.ts';

/** Minimum time between refreshes of series on screen, ms: faster than eyes need, slower than loaders write. */
const seriesEveryMs = 1_000;

/** Minimum time between refreshes of a large picture, ms, because joining new points copies all of them. */
const largeEveryMs = 5_000;

/** Writes events of the core to the cache, and reads again what they only refer to. @returns a function that stops it */
export function feedQueries(client: ConsoleClient, queries: QueryClient): () => void {
  const stored = new SeriesRefresh(queries);
  const stops = [
    client.connections.onChanged((list) => queries.setQueryData(queryKeys.connections, list)),
    client.alerts.onChanged((delta) => {
      queries.setQueryData<FeedAlert[]>(queryKeys.alerts, (held) => held && applyDelta(held, delta));
      const keys = new Set([...delta.changed, ...delta.gone].map(alertKey));
      const isTouched = ({ queryKey: [, connectionId, id] }: Query) => keys.has(alertKey({ connectionId, id } as FeedAlert));
      void queries.invalidateQueries({ queryKey: ['alert'], predicate: isTouched }, { cancelRefetch: false });
    }),
    client.alerts.onRulesChanged(({ connectionId }) => {
      void queries.invalidateQueries({ queryKey: queryKeys.rules(connectionId) });
      void queries.invalidateQueries({ queryKey: ['rule', connectionId] }, { cancelRefetch: false });
    }),
    client.policies.onChanged(({ connectionId, policies, asOf }) =>
      queries.setQueryData(queryKeys.policies(connectionId), { value: policies, asOf, connectionId }),
    ),
    client.loaders.onChanged(({ connectionId, loaders }) => {
      queries.setQueryData<Cached<Loader[]>>(queryKeys.loaders(connectionId), { value: loaders, asOf: Date.now() });
      void queries.invalidateQueries({ queryKey: ['loader-runs', connectionId] }, { cancelRefetch: false });
    }),
    client.conveyor.onChanged(({ connectionId, status }) =>
      queries.setQueryData<Cached<ConveyorStatus | null>>(queryKeys.conveyor(connectionId), { value: status, asOf: Date.now() }),
    ),
    client.series.onProgress(readingProgressed),
    client.series.onStored(({ connectionId, loaderCodes, metricNames }) => stored.note(connectionId, [...loaderCodes, ...metricNames])),
    client.charts.onChanged(({ connectionId, charts, asOf }) => queries.setQueryData(queryKeys.charts(connectionId), { charts, asOf })),
    client.charts.onTouched(({ connectionId, what }) => {
      const queryKey = what === 'usage' ? queryKeys.chartUsage(connectionId) : ['chart', connectionId];
      void queries.invalidateQueries({ queryKey }, { cancelRefetch: false });
    }),
    feedDashboards(client, queries),
    client.outbox.onChanged((items) => queries.setQueryData(queryKeys.outbox, items)),
    client.backend.onChanged((status) => queries.setQueryData(queryKeys.backend, status)),
    client.settings.onChanged((settings) => queries.setQueryData(queryKeys.settings, settings)),
    client.notices.onChanged((notices) => queries.setQueryData(queryKeys.notices, notices)),
    () => stored.stop(),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Collects "new points" events and refreshes the series they affect, once per interval. */
class SeriesRefresh {
  private readonly queries: QueryClient;
  private readonly touched = new Map<string, Set<string>>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(queries: QueryClient) {
    this.queries = queries;
  }

  note(connectionId: string, names: readonly string[]) {
    const known = this.touched.get(connectionId) ?? new Set<string>();
    for (const name of names) known.add(name);
    this.touched.set(connectionId, known);
    this.timer ??= setTimeout(() => this.flush(), seriesEveryMs);
  }

  stop() {
    clearTimeout(this.timer);
  }

  private flush() {
    this.timer = undefined;
    const touched = [...this.touched];
    this.touched.clear();
    for (const [connectionId, names] of touched) {
      const due = (query: Query) => {
        const { selector } = query.queryKey[2] as RangeQuery;
        const name = selector.from === 'signal' ? selector.loaderCode : selector.name;
        if (!names.has(name)) return false;
        if (Date.now() - query.state.dataUpdatedAt >= largeEveryMs || pointsOf(query.state.data as SeriesPicture | undefined) < largePoints)
          return true;
        this.note(connectionId, [name]);
        return false;
      };
      void this.queries.invalidateQueries({ queryKey: ['series', connectionId], predicate: due }, { cancelRefetch: false });
    }
  }
}
