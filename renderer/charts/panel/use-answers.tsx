import { memo, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { type SeriesPicture, useSeries } from '#renderer/domain/queries/index.ts';
import type { ChartAsk } from './asks.ts';

interface Read {
  picture: SeriesPicture | undefined;
  error: unknown;
  fetching: boolean;
  retry: () => void;
}

interface ReaderProps {
  connectionId: string | undefined;
  ask: ChartAsk;
  tell: (key: string, read: Read | undefined) => void;
}

/** Reads one question for the chart it stands in. Draws nothing. */
const Reader = memo(function Reader({ connectionId, ask, tell }: ReaderProps) {
  const { data, error, isFetching, isPlaceholderData, refetch } = useSeries(connectionId, ask.ask);
  // An empty picture of another question says nothing about this one.
  const picture = isPlaceholderData && data?.series.length === 0 ? undefined : data;
  const read = useMemo<Read>(
    () => ({ picture, error, fetching: isFetching, retry: () => void refetch() }),
    [picture, error, isFetching, refetch],
  );
  useEffect(() => tell(ask.key, read), [tell, ask.key, read]);
  useEffect(() => () => tell(ask.key, undefined), [tell, ask.key]);
  return null;
});

/**
 * The answers to a number of questions that changes.
 * @returns the readers, which must be rendered, and what each question has been answered, in the order of the questions
 */
export function useAnswers(
  connectionId: string | undefined,
  asks: readonly ChartAsk[],
): { readers: ReactNode; reads: (Read | undefined)[] } {
  const [told, setTold] = useState<ReadonlyMap<string, Read>>(new Map());
  const tell = useCallback((key: string, read: Read | undefined) => {
    setTold((before) => {
      const next = new Map(before);
      if (read) next.set(key, read);
      else next.delete(key);
      return next;
    });
  }, []);
  const readers = asks.map((ask) => <Reader key={ask.key} connectionId={connectionId} ask={ask} tell={tell} />);
  const reads = useMemo(() => asks.map(({ key }) => told.get(key)), [asks, told]);
  return { readers, reads };
}
