import type { Labels } from '#common/contract/primitives.ts';
import type { Aggregation } from '#common/contract/signals.ts';
import { recordOf } from '#common/timeseries/points.ts';
import { answerTooLarge } from '../limits.ts';
import { type Estimate, type FieldName, type Fields, fieldNames, type SeriesPoints } from '../port.ts';
import type { BucketStats } from './buckets.ts';
import { type Piece, pointsOf } from './hours.ts';
import type { Sliced } from './slices.ts';

interface Gathered {
  labels: Labels;
  length: number;
  pieces: Piece[];
  aggregation: Aggregation;
  t: number[];
  v: number[];
  fields: { [name in FieldName]: number[] };
}

/** Collects the series of an answer. Points are decoded at the end, into one buffer that can be transferred to another thread. */
export class Lines {
  readonly #maxPoints: number;
  readonly #withFields: boolean;
  readonly #estimate: () => Estimate;
  readonly #lines: Gathered[] = [];
  #last: Gathered | undefined;
  #points = 0;

  /** @param maxPoints over all series. @param estimate reported in the error when there are more */
  constructor(maxPoints: number, withFields: boolean, estimate: () => Estimate) {
    this.#maxPoints = maxPoints;
    this.#withFields = withFields;
    this.#estimate = estimate;
  }

  begin(labels: Labels): void {
    const fields = { count: [], min: [], max: [], avg: [], sum: [] };
    this.#last = { labels, length: 0, pieces: [], aggregation: 'raw', t: [], v: [], fields };
    this.#lines.push(this.#last);
  }

  /** Adds points as they are stored. @throws AppError query_too_large */
  add(piece: Piece, aggregation: Aggregation): void {
    this.#count(piece.end - piece.start);
    if (!this.#last) return;
    this.#last.pieces.push(piece);
    this.#last.aggregation = aggregation;
  }

  /** @param bucket the source of the fields, if they were requested. @throws AppError query_too_large */
  push(t: number, v: number, bucket?: BucketStats): void {
    this.#count(1);
    if (!this.#last) return;
    this.#last.t.push(t);
    this.#last.v.push(v);
    if (!this.#withFields || !bucket) return;
    const { count, min, max, avg, sum } = this.#last.fields;
    count.push(bucket.records);
    min.push(bucket.min);
    max.push(bucket.max);
    avg.push(bucket.sum / bucket.records);
    sum.push(bucket.sum);
  }

  #count(more: number): void {
    this.#points += more;
    if (this.#points > this.#maxPoints) throw answerTooLarge(this.#maxPoints, this.#estimate());
    if (this.#last) this.#last.length += more;
  }

  *finish(): Sliced<SeriesPoints[]> {
    const columns = this.#withFields ? 2 + fieldNames.length : 2;
    const buffer = new ArrayBuffer(this.#points * 8 * columns);
    let at = 0;
    const room = (length: number) => {
      at += length;
      return new Float64Array(buffer, (at - length) * 8, length);
    };
    const lines: SeriesPoints[] = [];
    for (const gathered of this.#lines) {
      const { labels, length } = gathered;
      if (length === 0) continue;
      const line: SeriesPoints = { labels, t: room(length), v: room(length) };
      if (this.#withFields)
        line.fields = { count: room(length), min: room(length), max: room(length), avg: room(length), sum: room(length) };
      yield* fillLine(line, gathered);
      lines.push(line);
    }
    return lines;
  }
}

function* fillLine({ t, v, fields }: SeriesPoints, gathered: Gathered): Sliced<void> {
  t.set(gathered.t);
  v.set(gathered.v);
  for (const name of fieldNames) fields?.[name].set(gathered.fields[name]);
  let from = 0;
  for (const piece of gathered.pieces) {
    putStored(piece, gathered.aggregation, t.subarray(from), v.subarray(from));
    if (fields) putFields(piece, fields, from);
    from += piece.end - piece.start;
    yield;
  }
}

function putStored(piece: Piece, aggregation: Aggregation, t: Float64Array, v: Float64Array): void {
  const { chunk, start, end } = piece;
  chunk.fill(start, end, t, v);
  const isOfRecord = aggregation === 'count' || aggregation === 'sum' || aggregation === 'min' || aggregation === 'max';
  if (isOfRecord) v.set(recordOf(pointsOf(piece))[aggregation]);
}

function putFields(piece: Piece, fields: Fields, at: number): void {
  const points = pointsOf(piece);
  const record = recordOf(points);
  for (const name of ['count', 'min', 'max', 'sum'] as const) fields[name].set(record[name], at);
  fields.avg.set(points.v, at);
}
