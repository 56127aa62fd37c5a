import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { examples } from '../../test/support/chance.ts';
import { decodeSeries, SeriesDecoder } from './decode.ts';
import { SeriesEncoder } from './encode.ts';
import { type SeriesRow, SeriesStreamError, seriesColumns } from './rows.ts';

const at = 1_732_000_000_000;
const line = (query: number, n: number, labels = { segment: 'belt-1' }): SeriesRow => ({
  kind: 'points',
  query,
  from: at,
  to: at + n * 1_000,
  labels,
  t: Float64Array.from({ length: n }, (_, i) => at + i * 1_000),
  v: Float64Array.from({ length: n }, (_, i) => Math.sin(i)),
});
const batches: SeriesRow[][] = [
  [
    { kind: 'plan', query: 0, from: at, to: at + 3_000, points: 5 },
    { kind: 'failed', query: 1, code: 'query_too_large', message: 'Zu groß: ≈ 5 Mio.', hint: 'Ask for less.' },
    { kind: 'failed', query: 2, code: 'timeout', message: 'Too slow.' },
  ],
  [line(0, 3), line(0, 2, { segment: 'أ' }), { kind: 'part', query: 0, from: at, to: at + 3_000, asOf: at + 9_999, points: 5 }],
  [{ kind: 'part', query: 3, from: at, to: at + 3_000, asOf: at + 9_999, points: 0 }],
];

function encode(all: readonly (readonly SeriesRow[])[]): Uint8Array {
  const encoder = new SeriesEncoder();
  const pieces = [...all.map((rows) => encoder.encode(rows)), encoder.end()];
  return new Uint8Array(Buffer.concat(pieces));
}
async function decode(pieces: readonly Uint8Array[]): Promise<SeriesRow[][]> {
  const found: SeriesRow[][] = [];
  for await (const rows of decodeSeries(
    (async function* () {
      yield* pieces;
    })(),
  ))
    found.push(rows);
  return found;
}

test('what was written is read unchanged, in pieces of any size', async () => {
  const bytes = encode(batches);
  const expected = [...batches, [{ kind: 'end' }]];
  expect(await decode([bytes])).toEqual(expected);
  expect(await decode(Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)))).toEqual(expected);
});

test('every float64 and every time in whole ms arrives bit for bit', async () => {
  const time = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 });
  const point = fc.tuple(time, fc.double());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(point, { maxLength: 50 }), { minLength: 1, maxLength: 5 }), async (lines) => {
      const rows = lines.map((points): SeriesRow => {
        const [t, v] = [Float64Array.from(points, ([when]) => when), Float64Array.from(points, ([, value]) => value)];
        return { kind: 'points', query: 0, from: 0, to: 1, labels: {}, t, v };
      });
      const [found] = await decode([encode([rows])]);
      expect(found).toEqual(rows);
    }),
  );
});

test('an empty answer is a complete stream', async () => {
  expect(await decode([encode([])])).toEqual([[{ kind: 'end' }]]);
});

test('the columns are copies in their own buffers, ready to be transferred', async () => {
  const [rows] = await decode([encode([[line(0, 10), line(0, 20)]])]);
  for (const row of rows ?? [])
    if (row.kind === 'points') expect([row.t.buffer.byteLength, row.v.buffer.byteLength]).toEqual([row.t.length * 8, row.v.length * 8]);
});

test('Arrow’s own reader reads it', () => {
  const table = tableFromIPC(encode(batches));
  expect(table.schema.fields.map(({ name }) => name)).toEqual(seriesColumns.map(([name]) => name));
  const rows = table.toArray().map((row) => row.toJSON());
  expect(rows.map(({ kind }) => kind)).toEqual(['plan', 'failed', 'failed', 'points', 'points', 'part', 'part', 'end']);
  expect(rows[0]).toMatchObject({ query: 0, from: at, points: 5, labels: null, hint: null });
  expect(rows[1]).toMatchObject({ query: 1, code: 'query_too_large', message: 'Zu groß: ≈ 5 Mio.', hint: 'Ask for less.' });
  expect(JSON.parse(rows[4].labels)).toEqual({ segment: 'أ' });
  expect(rows[3].t.toArray()).toEqual(BigInt64Array.from([0, 1, 2], (i) => BigInt(at + i * 1_000)));
  expect([...rows[3].v]).toEqual([Math.sin(0), Math.sin(1), Math.sin(2)]);
  expect(rows[5]).toMatchObject({ to: at + 3_000, as_of: at + 9_999, points: 5 });
});

describe('bytes that are not a complete stream are an error', () => {
  const bytes = encode(batches);
  const read = (given: Uint8Array): SeriesRow[] => {
    const decoder = new SeriesDecoder();
    const rows = decoder.push(given).flat();
    decoder.finish();
    return rows;
  };

  test('cut off anywhere', () => {
    // The last 8 bytes are Arrow's end marker, which contains no data.
    for (let length = 0; length < bytes.length - 8; length++) expect(() => read(bytes.subarray(0, length))).toThrow(SeriesStreamError);
    expect(read(bytes.subarray(0, bytes.length - 8)).at(-1)).toEqual({ kind: 'end' });
  });

  test('changed anywhere: read differently or refused, but never another error, a hang or excessive output', () => {
    const whole = read(bytes).length;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
        const given = bytes.slice();
        for (const [index, value] of changes) given[index] = value;
        try {
          expect(read(given).length).toBeLessThanOrEqual(whole);
        } catch (error) {
          expect(error).toBeInstanceOf(SeriesStreamError);
        }
      }),
      { numRuns: examples(5_000) },
    );
  });

  test('random, or another format', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (given) => {
        expect(() => read(given)).toThrow(SeriesStreamError);
      }),
      { numRuns: examples(2_000) },
    );
    expect(() => read(new TextEncoder().encode('{"asOf":1732000000000,"results":[]}'))).toThrow(SeriesStreamError);
  });
});
