import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Settings } from '#common/contract/console/settings.ts';
import { settingsSchema } from '#common/contract/console/settings.ts';
import { bucketStart, nextBucket } from '#common/timeseries/buckets.ts';
import { describeConnection } from '#common/words/own-backend.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { useConsole } from '../rpc/context.ts';
import { intervalAt, isFixed, queryKeys, type SeriesAsk, type ViewRange } from './keys.ts';
import { joinNewest, newestFrom, type SeriesPicture } from './newest.ts';
import { beginReading } from './readings.ts';

/** All connections with their state. */
export function useConnections() {
  const { connections } = useConsole();
  const { language } = usePreferences();
  // The name that the console gave its own backend is shown in the person's language.
  const select = useCallback(
    (list: Connection[]) => list.map((one) => (one.embedded ? { ...one, name: describeConnection(one.name, language) } : one)),
    [language],
  );
  return useQuery({ queryKey: queryKeys.connections, queryFn: ({ signal }) => connections.list(undefined, signal), select });
}

/** Everything firing and what resolved in the last 7 days, of every connection, newest first. */
export function useAlerts() {
  const { alerts } = useConsole();
  return useQuery({ queryKey: queryKeys.alerts, queryFn: ({ signal }) => alerts.list(undefined, signal) });
}

/** One alert with its history. */
export function useAlert(connectionId: string, id: string) {
  const { alerts } = useConsole();
  return useQuery({
    queryKey: queryKeys.alert(connectionId, id),
    queryFn: ({ signal }) => alerts.get({ connectionId, id }, signal),
    placeholderData: keepPreviousData,
  });
}

/** No event tells of an evaluation that changed nothing, nor of each point of each metric: these two are read again, ms. */
const readAgainMs = 10_000;

/** All rules with their states, at most ten seconds old while the backend answers. */
export function useRules(connectionId: string | undefined) {
  const { alerts } = useConsole();
  return useQuery({
    refetchInterval: readAgainMs,
    queryKey: queryKeys.rules(connectionId ?? ''),
    queryFn: ({ signal }) => alerts.rules({ connectionId: connectionId ?? '' }, signal),
    enabled: connectionId !== undefined,
  });
}

/** Every version of a rule, newest first. */
export function useRuleVersions(connectionId: string, code: string) {
  const { alerts } = useConsole();
  return useQuery({
    queryKey: queryKeys.rule(connectionId, code, 'versions'),
    queryFn: ({ signal }) => alerts.ruleVersions({ connectionId, code }, signal),
  });
}

/** A rule as it was in one version. */
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

/** The last 50 runs of a loader, newest first. */
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

/** Metric series that exist, for pickers. */
export function useMetrics(connectionId: string | undefined) {
  const { series } = useConsole();
  return useQuery({
    refetchInterval: readAgainMs,
    queryKey: queryKeys.metrics(connectionId ?? ''),
    queryFn: ({ signal }) => series.metrics({ connectionId: connectionId ?? '' }, signal),
    enabled: connectionId !== undefined,
  });
}

/** Whether an end moves all the time, unlike the start of a day or a fixed time. */
const slides = (text: string) => !/[/ ]|^\d/.test(text);

/**
 * The stretch a span means now. Live edges fall on whole buckets, so that buckets keep their places as time goes on.
 * @param timeZone for buckets of a calendar day there
 */
export function resolveSpan(span: ViewRange, bucketMs: number, now: number, timeZone?: string): { from: number; to: number } {
  if (isFixed(span)) return span;
  const means = intervalAt(span, now);
  if (timeZone !== undefined) {
    const days = { days: 1, timeZone } as const;
    return { from: bucketStart(means.from, days), to: nextBucket(bucketStart(means.to - 1, days), days) };
  }
  const step = bucketMs > 0 ? bucketMs : 1_000;
  if (!('lastMs' in span)) {
    const from = slides(span.from) ? Math.floor(means.from / step) * step : means.from;
    const to = slides(span.to) ? (Math.floor(means.to / step) + 1) * step : means.to;
    return { from, to: Math.max(to, from + 1) };
  }
  const to = (Math.floor(now / step) + 1) * step;
  return { from: to - Math.ceil(span.lastMs / step) * step, to };
}

/**
 * One series over a span: first what the console holds, at once, then completed by the backend; again whenever points arrive.
 * The last picture stays while the next is fetched (`isPlaceholderData`).
 */
export function useSeries(connectionId: string | undefined, ask: SeriesAsk | undefined) {
  const { series } = useConsole();
  const queries = useQueryClient();
  return useQuery<SeriesPicture>({
    queryKey: ask ? queryKeys.series(connectionId ?? '', ask) : ['series', 'none'],
    enabled: connectionId !== undefined && ask !== undefined,
    placeholderData: keepPreviousData,
    structuralSharing: false,
    queryFn: async ({ signal, queryKey }) => {
      if (!ask || connectionId === undefined) throw new Error('A series query was run without its question.');
      const { span, ...rest } = ask;
      const stretch = resolveSpan(span, rest.bucketMs, Date.now(), rest.timeZone);
      const question = { connectionId, query: { ...rest, ...stretch } };
      const before = queries.getQueryData<SeriesPicture>(queryKey);
      const now = Date.now();
      const cut = newestFrom(before, stretch, rest.bucketMs, now);
      if (before === undefined) {
        const held = await series.query({ ...question, cacheOnly: true }, signal);
        if (held.series.length + held.damaged.length > 0) queries.setQueryData<SeriesPicture>(queryKey, { ...held, ...stretch });
      }
      const reading = beginReading(connectionId, signal);
      try {
        const query = cut === null ? question.query : { ...question.query, from: cut };
        const read = await series.query({ connectionId, query, progressId: reading.id }, reading.signal);
        return before && cut !== null ? joinNewest(before, read, stretch, cut) : { ...read, ...stretch, wholeAt: now };
      } finally {
        reading.end();
      }
    },
  });
}

/** Changes made here that the backend has not confirmed. */
export function useOutbox() {
  const { outbox } = useConsole();
  return useQuery({ queryKey: queryKeys.outbox, queryFn: ({ signal }) => outbox.list(undefined, signal) });
}

export function useBackend() {
  const { backend } = useConsole();
  return useQuery({ queryKey: queryKeys.backend, queryFn: ({ signal }) => backend.status(undefined, signal) });
}

/** The last 200 notices, newest first. */
export function useNotices() {
  const { notices } = useConsole();
  return useQuery({ queryKey: queryKeys.notices, queryFn: ({ signal }) => notices.inbox(undefined, signal) });
}

export function useSystem() {
  const { system } = useConsole();
  return useQuery({ queryKey: queryKeys.system, queryFn: ({ signal }) => system.info(undefined, signal) });
}

const defaults = settingsSchema.parse({});

/** The person's settings; the defaults until they are read. */
export function useSettings(): Settings {
  const { settings } = useConsole();
  return useQuery({ queryKey: queryKeys.settings, queryFn: ({ signal }) => settings.get(undefined, signal) }).data ?? defaults;
}

/** Changes some settings; shown at once, taken back if they can't be kept. */
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
