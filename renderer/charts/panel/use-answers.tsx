import { memo, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import type { Interval } from '#common/time/intervals.ts';
import { type SeriesPicture, useSeries } from '#renderer/domain/queries/index.ts';
import { type ChartQuery, edgeQueriesOf, queriesOf } from './chart-queries.ts';
import type { SelectorResult } from './lines.ts';
import { type ChartTime, useHeld } from './use-chart-time.ts';

interface Read {
  picture: SeriesPicture | undefined;
  error: unknown;
  fetching: boolean;
  retry: () => void;
}

interface ReaderProps {
  connectionId: string | undefined;
  query: ChartQuery;
  report: (key: string, read: Read | undefined) => void;
}

/** Runs one query for the chart that contains it. Renders nothing. */
const Reader = memo(function Reader({ connectionId, query, report }: ReaderProps) {
  const { data, error, isFetching, isPlaceholderData, refetch } = useSeries(connectionId, query.query);
  // An empty placeholder of another query doesn't mean that this one is empty.
  const picture = isPlaceholderData && data?.series.length === 0 ? undefined : data;
  const read = useMemo<Read>(
    () => ({ picture, error, fetching: isFetching, retry: () => void refetch() }),
    [picture, error, isFetching, refetch],
  );
  useEffect(() => report(query.key, read), [report, query.key, read]);
  useEffect(() => () => report(query.key, undefined), [report, query.key]);
  return null;
});

/**
 * Runs a varying number of queries.
 * @returns the readers, which must be rendered, and the answers by the key of their query
 */
function useReaders(
  connectionId: string | undefined,
  queries: readonly ChartQuery[],
): { readers: ReactNode; reads: ReadonlyMap<string, Read> } {
  const [reads, setReads] = useState<ReadonlyMap<string, Read>>(new Map());
  const report = useCallback((key: string, read: Read | undefined) => {
    setReads((before) => {
      const next = new Map(before);
      if (read) next.set(key, read);
      else next.delete(key);
      return next;
    });
  }, []);
  const readers = queries.map((query) => <Reader key={query.key} connectionId={connectionId} query={query} report={report} />);
  return { readers, reads };
}

interface AnswersOptions {
  connectionId: string | undefined;
  definition: ChartDrawing;
  values: VariableValues | undefined;
  time: ChartTime;
  /** The past interval that the chart is compared with. */
  past: Interval | null;
  /** While true, answers don't change. */
  paused: boolean;
}

/** The results of a chart's queries. */
export interface ChartAnswers {
  /** One per measure; three for a band. */
  own: readonly SelectorResult[];
  /** Minimum and maximum of each bucket, for the same measures. */
  least: readonly SelectorResult[];
  greatest: readonly SelectorResult[];
  /** The same measures in the past that the chart is compared with. */
  past: readonly SelectorResult[];
  /** True while a query without an earlier result is running. */
  reading: boolean;
  /** Why a query failed. */
  error: unknown;
  /** Why nothing can be queried; null otherwise. */
  refusal: unknown;
  retry: () => void;
  /** Must be rendered. */
  readers: ReactNode;
}

const nothing: readonly ChartQuery[] = [];

/** Runs all queries of a chart and keeps their results current. */
export function useAnswers({ connectionId, definition, values, time, past, paused }: AnswersOptions): ChartAnswers {
  const { range, bucketMs, timeZone } = time;
  const { queries, refusal } = useMemo(() => {
    try {
      return { queries: queriesOf(definition, values ?? {}, range, bucketMs, timeZone), refusal: null };
    } catch (error) {
      return { queries: nothing, refusal: error };
    }
  }, [definition, values, range, bucketMs, timeZone]);
  const edges = useMemo(() => edgeQueriesOf(definition, queries), [definition, queries]);
  const pastQueries = useMemo(
    () => (past ? queries.map(({ key, name, query }) => ({ key: `${key} before`, name, query: { ...query, range: past } })) : nothing),
    [queries, past],
  );
  const all = [...queries, ...pastQueries, ...[...edges.least, ...edges.greatest].filter((query) => query !== null)];
  const { readers, reads } = useReaders(connectionId, all);
  const present = useMemo(() => {
    const own = queries.map(({ key }) => reads.get(key));
    return {
      own: answersOf(queries, reads),
      least: answersOf(edges.least, reads),
      greatest: answersOf(edges.greatest, reads),
      reading: own.some((read) => !read || (read.fetching && !read.picture)),
      error: own.find((read) => read?.error)?.error,
    };
  }, [queries, edges, reads]);
  const pastAnswers = useMemo(() => answersOf(pastQueries, reads), [pastQueries, reads]);
  const retry = () => {
    for (const { key } of all) reads.get(key)?.retry();
  };
  return { ...useHeld(present, paused), past: pastAnswers, refusal, retry, readers };
}

const answersOf = (queries: readonly (ChartQuery | null)[], reads: ReadonlyMap<string, Read>): SelectorResult[] =>
  queries.map((query) => ({ picture: query ? reads.get(query.key)?.picture : undefined, name: query?.name }));
