import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Settings } from '#common/contract/console/settings.ts';
import { settingsSchema } from '#common/contract/console/settings.ts';
import { bucketStart, nextBucket } from '#common/timeseries/buckets.ts';
import { describeConnection } from '#common/words/own-backend.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { useConsole } from '../rpc/context.ts';
import { intervalAt, isFixed, queryKeys, type RangeQuery, type ViewRange } from './keys.ts';
import { joinNewest, newestFrom, type SeriesPicture } from './newest.ts';
import { beginReading } from './readings.ts';

/** Queries all connections with their state. */
export function useConnections() {
  const { connections } = useConsole();
  const { language } = usePreferences();
  // The console's own backend has a name that depends on the language.
  const select = useCallback(
    (list: Connection[]) => list.map((one) => (one.embedded ? { ...one, name: describeConnection(one.name, language) } : one)),
    [language],
  );
  return useQuery({ queryKey: queryKeys.connections, queryFn: ({ signal }) => connections.list(undefined, signal), select });
}

/** Queries everything firing and everything resolved in the last 7 days, of all connections, newest first. */
export function useAlerts() {
  const { alerts } = useConsole();
  return useQuery({ queryKey: queryKeys.alerts, queryFn: ({ signal }) => alerts.list(undefined, signal) });
}

/** Queries one alert with its history. */
export function useAlert(connectionId: string, id: string) {
  const { alerts } = useConsole();
  return useQuery({
    queryKey: queryKeys.alert(connectionId, id),
    queryFn: ({ signal }) => alerts.get({ connectionId, id }, signal),
    placeholderData: keepPreviousData,
  });
}

/** Refresh interval of rules and metrics, ms: no event reports an evaluation that changed nothing, nor each point of each metric. */
const readAgainMs = 10_000;

/** Queries all rules with their states, at most ten seconds old while the backend is connected. */
export function useRules(connectionId: string | undefined) {
  const { alerts } = useConsole();
  return useQuery({
    refetchInterval: readAgainMs,
    queryKey: queryKeys.rules(connectionId ?? ''),
    queryFn: ({ signal }) => alerts.rules({ connectionId: connectionId ?? '' }, signal),
    enabled: connectionId !== undefined,
  });
}

/** Queries the newest alerts of a rule, newest first, also those that `useAlerts` no longer lists. */
export function useRuleFirings(connectionId: string, code: string) {
  const { alerts } = useConsole();
  return useQuery({
    queryKey: queryKeys.rule(connectionId, code, 'firings'),
    queryFn: ({ signal }) => alerts.ruleFirings({ connectionId, code }, signal),
  });
}

/** Queries the versions of a rule, newest first. */
export function useRuleVersions(connectionId: string, code: string) {
  const { alerts } = useConsole();
  return useQuery({
    queryKey: queryKeys.rule(connectionId, code, 'versions'),
    queryFn: ({ signal }) => alerts.ruleVersions({ connectionId, code }, signal),
  });
}

/** Queries one version of a rule. */
export function useRuleVersion(connectionId: string, code: string, version: number | undefined) {
  const { alerts } = useConsole();
  return useQuery({
    queryKey: queryKeys.rule(connectionId, code, `version ${version}`),
    queryFn: ({ signal }) => alerts.ruleVersion({ connectionId, code, version: version ?? 0 }, signal),
    enabled: version !== undefined,
    placeholderData: keepPreviousData,
  });
}

export function useLoaders(connectionId: string | undefined) {
  const { loaders } = useConsole();
  return useQuery({
    queryKey: queryKeys.loaders(connectionId ?? ''),
    queryFn: ({ signal }) => loaders.list({ connectionId: connectionId ?? '' }, signal),
    enabled: connectionId !== undefined,
  });
}

/** Queries the last 50 runs of a loader, newest first. */
export function useLoaderRuns(connectionId: string | undefined, code: string | undefined) {
  const { loaders } = useConsole();
  return useQuery({
    queryKey: queryKeys.loaderRuns(connectionId ?? '', code ?? ''),
    queryFn: ({ signal }) => loaders.runs({ connectionId: connectionId ?? '', code: code ?? '' }, signal),
    enabled: connectionId !== undefined && code !== undefined,
  });
}

export function useConveyor(connectionId: string | undefined) {
  const { conveyor } = useConsole();
  return useQuery({
    queryKey: queryKeys.conveyor(connectionId ?? ''),
    queryFn: ({ signal }) => conveyor.status({ connectionId: connectionId ?? '' }, signal),
    enabled: connectionId !== undefined,
  });
}

/** Queries the existing metric series, for pickers. */
export function useMetrics(connectionId: string | undefined) {
  const { series } = useConsole();
  return useQuery({
    refetchInterval: readAgainMs,
    queryKey: queryKeys.metrics(connectionId ?? ''),
    queryFn: ({ signal }) => series.metrics({ connectionId: connectionId ?? '' }, signal),
    enabled: connectionId !== undefined,
  });
}

/** True if an end moves continuously, unlike the start of a day or a fixed time. */
const slides = (text: string) => !/[/ ]|^\d/.test(text);

/**
 * Returns the interval that a range means now. Live ends fall on whole buckets, so that buckets stay in place as time passes.
 * @param timeZone for buckets that are calendar days there
 */
export function resolveRange(range: ViewRange, bucketMs: number, now: number, timeZone?: string): { from: number; to: number } {
  if (isFixed(range)) return range;
  const means = intervalAt(range, now);
  if (timeZone !== undefined) {
    const days = { days: 1, timeZone } as const;
    return { from: bucketStart(means.from, days), to: nextBucket(bucketStart(means.to - 1, days), days) };
  }
  const step = bucketMs > 0 ? bucketMs : 1_000;
  if (!('lastMs' in range)) {
    const from = slides(range.from) ? Math.floor(means.from / step) * step : means.from;
    const to = slides(range.to) ? (Math.floor(means.to / step) + 1) * step : means.to;
    return { from, to: Math.max(to, from + 1) };
  }
  const to = (Math.floor(now / step) + 1) * step;
  return { from: to - Math.ceil(range.lastMs / step) * step, to };
}

/**
 * Queries series over a range: first from the console's cache, then completed by the backend, and again whenever points arrive. The last
 * picture stays while the next is fetched (`isPlaceholderData`).
 */
export function useSeries(connectionId: string | undefined, rangeQuery: RangeQuery | undefined) {
  const { series } = useConsole();
  const queries = useQueryClient();
  return useQuery<SeriesPicture>({
    queryKey: rangeQuery ? queryKeys.series(connectionId ?? '', rangeQuery) : ['series', 'none'],
    enabled: connectionId !== undefined && rangeQuery !== undefined,
    placeholderData: keepPreviousData,
    structuralSharing: false,
    queryFn: async ({ signal, queryKey }) => {
      if (!rangeQuery || connectionId === undefined) throw new Error('A series query was run without its range.');
      const { range, ...rest } = rangeQuery;
      const interval = resolveRange(range, rest.bucketMs, Date.now(), rest.timeZone);
      const question = { connectionId, query: { ...rest, ...interval } };
      const before = queries.getQueryData<SeriesPicture>(queryKey);
      const now = Date.now();
      const cut = newestFrom(before, interval, rest.bucketMs, now);
      if (before === undefined) {
        const held = await series.query({ ...question, cacheOnly: true }, signal);
        if (held.series.length + held.damaged.length > 0) queries.setQueryData<SeriesPicture>(queryKey, { ...held, ...interval });
      }
      const reading = beginReading(connectionId, signal);
      try {
        const query = cut === null ? question.query : { ...question.query, from: cut };
        const read = await series.query({ connectionId, query, progressId: reading.id }, reading.signal);
        return before && cut !== null ? joinNewest(before, read, interval, cut) : { ...read, ...interval, wholeAt: now };
      } finally {
        reading.end();
      }
    },
  });
}

/** Queries local changes that the backend hasn't confirmed. */
export function useOutbox() {
  const { outbox } = useConsole();
  return useQuery({ queryKey: queryKeys.outbox, queryFn: ({ signal }) => outbox.list(undefined, signal) });
}

export function useBackend() {
  const { backend } = useConsole();
  return useQuery({ queryKey: queryKeys.backend, queryFn: ({ signal }) => backend.status(undefined, signal) });
}

/** Queries the last 200 notices, newest first. */
export function useNotices() {
  const { notices } = useConsole();
  return useQuery({ queryKey: queryKeys.notices, queryFn: ({ signal }) => notices.inbox(undefined, signal) });
}

export function useSystem() {
  const { system } = useConsole();
  return useQuery({ queryKey: queryKeys.system, queryFn: ({ signal }) => system.info(undefined, signal) });
}

const defaults = settingsSchema.parse({});

/** Returns the person's settings; the defaults until they are loaded. */
export function useSettings(): Settings {
  const { settings } = useConsole();
  return useQuery({ queryKey: queryKeys.settings, queryFn: ({ signal }) => settings.get(undefined, signal) }).data ?? defaults;
}

/** Changes settings: shown at once, reverted if saving fails. */
export function useSaveSettings() {
  const { settings } = useConsole();
  const queries = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (change: Partial<Settings>) => settings.set(change),
    onMutate: (change) => {
      const before = queries.getQueryData<Settings>(queryKeys.settings);
      queries.setQueryData<Settings>(queryKeys.settings, { ...defaults, ...before, ...change });
      return { before };
    },
    onError: (_error, _change, context) => queries.setQueryData(queryKeys.settings, context?.before),
    onSuccess: (saved) => queries.setQueryData(queryKeys.settings, saved),
  });
  return useCallback(
    (change: Partial<Settings>, onError?: (error: unknown) => void) => mutate(change, onError ? { onError } : {}),
    [mutate],
  );
}
