import type { PanelQuery } from '#common/contract/console/series.ts';
import { labelsKey } from '#common/contract/primitives.ts';

/** What a question is about, without its range: two with the same key share their cached points. */
export function keyOf({ selector, aggregation, bucketMs }: Omit<PanelQuery, 'from' | 'to'>): string {
  const what =
    selector.from === 'signal'
      ? ['signal', selector.loaderCode, selector.segmentCode ?? null]
      : ['metric', selector.name, labelsKey(selector.labels)];
  return JSON.stringify([...what, aggregation, bucketMs]);
}

const bucketsInBlock = 512;
const blockOfStoredPointsMs = 3_600_000;
/** Width of the stretches that points are kept in, ms. */
export function blockMs(bucketMs: number): number {
  return bucketMs === 0 ? blockOfStoredPointsMs : bucketMs * bucketsInBlock;
}
