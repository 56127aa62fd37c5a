import { labelsKey } from '#common/contract/primitives.ts';
import { concatPoints, type Points, slicePoints } from '#common/timeseries/points.ts';
import type { AnyWrite, SeriesName, SeriesWrite } from './writes.ts';

/**
 * Writes on their way to the worker: the points of all of them as one, since a thousand small columns take several times as long to
 * hand over as it takes to store them; and numbers in place of names that it has told before.
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

/** The numbers of series that writers have met. They stay true: a series is never given another. */
export class KnownSeries {
  readonly #known = new Map<string, { id: number; unit: string }>();

  pack(writes: readonly SeriesWrite[]): { packed: PackedWrites; learn(ids: readonly number[]): void } {
    const used = writes.filter(({ points }) => points.t.length > 0);
    const unknown: { key: string; unit: string; at: number }[] = [];
    const series = used.map(({ kind, name, labels, unit }, at) => {
      const key = `${kind}/${name}/${labelsKey(labels)}`;
      const known = this.#known.get(key);
      // A unit that is told later is taken over.
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

/** The memory behind points, to hand it over to another thread. */
export function buffersOf({ t, v, record }: Points): ArrayBuffer[] {
  return [
    ...new Set([t, v, ...(record ? [record.count, record.min, record.max, record.sum] : [])].map(({ buffer }) => buffer as ArrayBuffer)),
  ];
}
