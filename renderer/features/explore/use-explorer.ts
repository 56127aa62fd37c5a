import { useCallback, useMemo, useState } from 'react';
import { type ChartPicture, useZoom } from '#renderer/charts/index.ts';
import { useAddress, useConnection, useRange } from '#renderer/domain/address.ts';
import { isFixed, rangeLength } from '#renderer/domain/queries/index.ts';
import { known, legendOf } from './lines.ts';
import { type ExploreAddress, exploreAddress } from './question.ts';
import { useQuestion, useRefresh, useSubjects } from './use-explore.ts';

const noLines: ChartPicture['lines'] = [];

/** Returns what all parts of the explorer share: the query in the address, the picture that answers it, and its range. */
export function useExplorer() {
  const { connection } = useConnection();
  const { range, setRange } = useRange();
  const [address, setAddress] = useAddress(exploreAddress);
  const set = useCallback((change: Partial<ExploreAddress>) => setAddress(change, true), [setAddress]);
  const list = useSubjects(connection?.id);
  const question = useQuestion(list.subjects, address);
  const shown = useShownLines(address.only);
  const { zoom, back, zoomed } = useZoom(range, setRange);
  const paused = address.paused ?? false;
  useRefresh(connection, !paused && !isFixed(range));
  return {
    connection,
    address,
    set,
    list,
    question,
    shown,
    values: address.vars ?? {},
    paused,
    range,
    setRange,
    lengthMs: rangeLength(range, Date.now()),
    zoom,
    back,
    zoomed,
  };
}
export type Explorer = ReturnType<typeof useExplorer>;

/** Returns the picture on screen, and which of its lines are shown. */
function useShownLines(asked: readonly string[] | undefined) {
  const [picture, setPicture] = useState<ChartPicture | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const lines = picture?.lines ?? noLines;
  const only = useMemo(() => known(asked, lines), [asked, lines]);
  const legend = useMemo(() => (picture ? legendOf(picture.lines, picture.overlays, only, picture.interval) : []), [picture, only]);
  return { picture, setPicture, lines, only, legend, hovered, setHovered };
}
