import { dayMs, minuteMs } from '#common/time/durations.ts';
import { type OpenChunk, wholeChunk } from '#common/timeseries/chunk.ts';
import { concatPoints, noPoints, type Points } from '#common/timeseries/points.ts';
import { BucketBuilder, type BucketStats } from './buckets.ts';
import type { Grid } from './grid.ts';
import type { Header, Headers } from './headers.ts';
import { type Piece, pieceOf, pointsOf } from './hours.ts';
import { overlay, type PendingReads } from './pending.ts';
import { chunkMs, touches } from './schema.ts';
import type { Sealed } from './sealed.ts';
import type { Sliced } from './slices.ts';

/** Reads sealed points with pending points merged over them. */
export class ChunkReads {
  readonly #sealed: Sealed;
  readonly #headers: Headers;
  readonly #pending: PendingReads;

  constructor(sealed: Sealed, pending: PendingReads) {
    this.#sealed = sealed;
    this.#headers = sealed.headers;
    this.#pending = pending;
  }

  /** Reads the points in [from, to), ms; may share memory with the cache. */
  *read(series: number, from: number, to: number): Sliced<Points> {
    const pieces: Piece[] = [];
    yield* this.eachPiece(series, from, to, (piece) => pieces.push(piece));
    if (pieces.length <= 1 || pieces.some(({ chunk }) => chunk.hasRecords)) return concatPoints(pieces.map(pointsOf));
    // Decoded into their final place: joining them afterwards would take as long again.
    const length = pieces.reduce((sum, { start, end }) => sum + end - start, 0);
    const points = { t: new Float64Array(length), v: new Float64Array(length) };
    let at = 0;
    for (const { chunk, start, end } of pieces) {
      chunk.fill(start, end, points.t.subarray(at), points.v.subarray(at));
      at += end - start;
      yield;
    }
    return points;
  }

  /** Calls `take` with the points in [from, to), an hour at a time, oldest first. The points must not be modified. */
  *eachPiece(series: number, from: number, to: number, take: (piece: Piece) => void): Sliced<void> {
    for (const hour of this.hours(series, from, to)) {
      const piece = this.#pieceWithin(series, hour, from, to);
      if (piece && piece.end > piece.start) take(piece);
      yield;
    }
  }

  /** Returns the starts of the hours that overlap [from, to) and have points. */
  hours(series: number, from: number, to: number): number[] {
    const sealed = this.#headers
      .days(series, from, to)
      .flatMap((day) => this.#headers.hours(series, day.start).map(({ start }) => start))
      .filter((hour) => touches(hour, from, to));
    const pending = this.#pending.hours(series, from, to);
    return pending.length === 0 ? sealed : [...new Set([...sealed, ...pending])].sort((a, b) => a - b);
  }

  /** Bounds the number of points in [from, to) without opening a chunk. */
  count(series: number, from: number, to: number): { min: number; max: number } {
    const sealed = this.#headers.count(series, from, to);
    return { min: sealed.min, max: sealed.max + this.#pending.count(series, from, to) };
  }

  /**
   * Sums the points in [from, to) into buckets. A day, hour or minute that lies in one bucket is added at once; only chunks that cross an
   * edge are opened.
   * @param withValues whether `low` and `high` are needed; otherwise they may be wrong
   */
  *aggregate(series: number, from: number, to: number, grid: Grid, emit: (bucket: BucketStats) => void, withValues = false): Sliced<void> {
    const buckets = new BucketBuilder(grid, emit);
    const add = (hour: number, header?: Header) => this.#addHour(series, hour, header, from, to, buckets);
    const isEnough = (header: Header) => !(withValues && Number.isNaN(header.low));
    // Points that are pending at the start are merged over what is found later: an hour that is sealed in the meantime is opened entirely.
    const pending = this.#pending.hours(series, from, to);
    let next = 0;
    const isPendingBefore = (time: number) => next < pending.length && (pending[next] as number) < time;
    for (const day of this.#headers.days(series, from, to)) {
      for (; isPendingBefore(day.start); next++) yield add(pending[next] as number);
      const end = day.start + dayMs;
      if (!isPendingBefore(end) && isEnough(day) && buckets.addWithin(day, from, to)) continue;
      for (const header of this.#headers.hours(series, day.start)) {
        if (!touches(header.start, from, to)) continue;
        for (; isPendingBefore(header.start); next++) yield add(pending[next] as number);
        const isCovered = pending[next] === header.start;
        if (isCovered) next += 1;
        if (isCovered || !isEnough(header)) yield add(header.start);
        else if (!buckets.addWithin(header, from, to)) yield add(header.start, header);
      }
      for (; isPendingBefore(end); next++) yield add(pending[next] as number);
      yield;
    }
    for (; next < pending.length; next++) yield add(pending[next] as number);
    buckets.finish();
  }

  /** Reads the points in [from, to), which must lie within one hour; may share memory with the cache. */
  readHour(series: number, from: number, to: number): Points {
    const piece = this.#pieceWithin(series, Math.floor(from / chunkMs) * chunkMs, from, to);
    return piece ? pointsOf(piece) : noPoints;
  }

  /** Returns the time of the oldest point, ms; null when the series has none. */
  firstTime(series: number): number | null {
    const sealed = this.#headers.firstTime(series);
    const pending = this.#pending.firstTime(series);
    return sealed === null || pending === null ? (sealed ?? pending) : Math.min(sealed, pending);
  }

  /** Returns the time of the newest point, ms; null when the series has none. */
  lastTime(series: number): number | null {
    const sealed = this.#headers.lastTime(series);
    const pending = this.#pending.lastTime(series);
    return sealed === null || pending === null ? (sealed ?? pending) : Math.max(sealed, pending);
  }

  /** Returns all points of an hour: the chunk with pending points merged over it. */
  points(series: number, hour: number): Points | null {
    return overlay(this.#sealed.points(series, hour), this.#pending.get(series, hour));
  }

  #pieceWithin(series: number, hour: number, from: number, to: number): Piece | null {
    const pending = this.#pending.get(series, hour);
    const overlaid = pending && overlay(this.#sealed.points(series, hour), pending);
    const chunk = overlaid ? wholeChunk(overlaid) : this.#sealed.open(series, hour);
    return chunk && pieceOf(chunk, from, to);
  }

  /** @param header absent when there are pending points, or when it lacks what is needed */
  #addHour(series: number, hour: number, header: Header | undefined, from: number, to: number, buckets: BucketBuilder): undefined {
    const hasMinutes = header?.rollup && buckets.widthAt(Math.max(from, header.from)) >= minuteMs;
    if (hasMinutes && this.#addMinutes(series, hour, from, to, buckets)) return;
    const piece = this.#pieceWithin(series, hour, from, to);
    if (piece) buckets.addPoints(pointsOf(piece));
  }

  #addMinutes(series: number, hour: number, from: number, to: number, buckets: BucketBuilder): boolean {
    const minutes = this.#sealed.minutes(series, hour);
    if (!minutes) return false;
    let chunk: OpenChunk | null | undefined;
    for (let k = 0; k < minutes.count; k++) {
      k = buckets.addMinutes(minutes, k, from, to);
      if (k === minutes.count) break;
      const first = minutes.from[k] as number;
      const last = minutes.to[k] as number;
      if (last < from || first >= to) continue;
      // The edge divides this minute: only its points are decoded from the chunk.
      chunk ??= this.#sealed.open(series, hour);
      if (chunk) buckets.addPoints(pointsOf(pieceOf(chunk, Math.max(from, first), Math.min(to, last + 1))));
    }
    return true;
  }
}
