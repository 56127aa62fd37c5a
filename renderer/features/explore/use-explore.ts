import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import { useCharts, useLoaders, useMetrics } from '#renderer/domain/queries/index.ts';
import { useStable } from '#renderer/ui/use-stable.ts';
import { apartFrom, drawingOf, type ExploreAddress, type ExploreSubject, subjectsOf, whatOf } from './question.ts';

/** Returns everything that can be drawn on this connection, and whether that list has been read. */
export function useSubjects(connectionId: string | undefined) {
  const charts = useCharts(connectionId);
  const loaders = useLoaders(connectionId);
  const metrics = useMetrics(connectionId);
  // The metrics are read regularly for their ages; the list of subjects changes seldom.
  const series = useStable((metrics.data?.metrics ?? []).map(({ name, unit }) => ({ name, unit, labels: {}, lastAt: 0 })));
  const subjects = useMemo(
    () => subjectsOf(charts.data?.charts ?? [], loaders.data?.value ?? [], series),
    [charts.data, loaders.data, series],
  );
  return { subjects, reading: charts.isPending, error: charts.error, retry: charts.refetch };
}

/** Returns the subject the address names (by default the first), the further measures, and how they are drawn. */
export function useQuestion(subjects: readonly ExploreSubject[], address: ExploreAddress) {
  const what = whatOf(address);
  const subject = what === undefined ? subjects[0] : subjects.find((one) => one.what === what);
  const added = useMemo(
    () => (address.beside ?? []).flatMap((one) => subjects.find((other) => other.what === one) ?? []),
    [address.beside, subjects],
  );
  const { agg, as, bucket, log, stacked } = address;
  // The address is parsed at every render; equal labels must stay the same object.
  const asked = useStable({ agg, as, bucket, log, stacked, series: address.series });
  const drawing = useMemo(() => (subject ? drawingOf(subject, asked, added) : undefined), [subject, asked, added]);
  const apart = useMemo(() => (subject ? apartFrom(subject, asked, added) : []), [subject, asked, added]);
  return { what, subject, added, drawing, apart };
}

/** A live picture without events is read again after this long, ms. */
const refreshEveryMs = 30_000;

/** Reads a live picture again every 30 s, because events report what is stored, not what was missed. */
export function useRefresh(connection: Connection | undefined, live: boolean): void {
  const queries = useQueryClient();
  const id = connection?.state === 'live' && live ? connection.id : undefined;
  useEffect(() => {
    if (id === undefined) return;
    const timer = setInterval(() => {
      const old = Date.now() - refreshEveryMs + 1_000;
      void queries.invalidateQueries(
        { queryKey: ['series', id], type: 'active', predicate: ({ state }) => state.dataUpdatedAt < old },
        { cancelRefetch: false },
      );
    }, refreshEveryMs / 3);
    return () => clearInterval(timer);
  }, [id, queries]);
}
