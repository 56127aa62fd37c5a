import { labelsKey } from '#common/contract/primitives.ts';
import { concatPoints, type Points, slicePoints } from '#common/timeseries/points.ts';
import type { AnyWrite, SeriesName, SeriesWrite } from './writes.ts';

/**
 * Writes packed for the worker: all their points in one set of columns, because transferring a thousand small columns takes several times
 * as long as storing them. Series that the worker has numbered before are sent by number.
 */
export interface PackedWrites {
  series: (number | SeriesName)[];
  /** Points of each write. */
  lengths: number[];
  points: Points;
}

export function unpack({ series, lengths, points }: PackedWrites): AnyWrite[] {
  let at = 0;
  return lengths.map((length, i) => {
    at += length;
    return { series: series[i] as number | SeriesName, points: slicePoints(points, at - length, at) };
  });
}

/** The known numbers of series. They stay valid, because a series keeps its number. */
export class KnownSeries {
  readonly #known = new Map<string, { id: number; unit: string }>();

  pack(writes: readonly SeriesWrite[]): { packed: PackedWrites; learn(ids: readonly number[]): void } {
    const used = writes.filter(({ points }) => points.t.length > 0);
    const unknown: { key: string; unit: string; at: number }[] = [];
    const series = used.map(({ kind, name, labels, unit }, at) => {
      const key = `${kind}/${name}/${labelsKey(labels)}`;
      const known = this.#known.get(key);
      // A different unit must reach the worker, so that it is stored.
      if (known && (unit === '' || unit === known.unit)) return known.id;
      unknown.push({ key, unit, at });
      return { kind, name, labels, unit };
    });
    const packed = { series, lengths: used.map(({ points }) => points.t.length), points: concatPoints(used.map(({ points }) => points)) };
    return {
      packed,
      learn: (ids) => {
        for (const { key, unit, at } of unknown) this.#known.set(key, { id: ids[at] as number, unit });
      },
    };
  }
}

/** Returns the buffers of points, to transfer them to another thread. */
export function buffersOf({ t, v, record }: Points): ArrayBuffer[] {
  return [
    ...new Set([t, v, ...(record ? [record.count, record.min, record.max, record.sum] : [])].map(({ buffer }) => buffer as ArrayBuffer)),
  ];
}
