import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteReader, ByteWriter, CorruptError } from './bytes.ts';
import { Pyramid } from './pyramid.ts';
import { readTimes, readWideTimes, writeTimes } from './times.ts';
import { readValues, writeValues } from './values.ts';

const bits = (values: Float64Array) => Array.from(new BigUint64Array(values.buffer, values.byteOffset, values.length));
const fromBits = fc
  .bigInt({ min: 0n, max: 2n ** 64n - 1n })
  .map((word) => new Float64Array(new BigUint64Array([word]).buffer)[0] as number);
const decimals = fc.tuple(fc.integer({ min: -1e7, max: 1e7 }), fc.integer({ min: 0, max: 6 })).map(([n, scale]) => n / 10 ** scale);

function throughValues(values: Float64Array): { back: Float64Array; bytes: number } {
  const out = new ByteWriter();
  writeValues(out, values);
  return { back: readValues(new ByteReader(out.finish()), values.length), bytes: out.length };
}

describe('codec', () => {
  test('preserves every float64 bit for bit', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fromBits, decimals, fc.constantFrom(-0, 0, Infinity, -Infinity, 5e-324))), (list) => {
        // A typed array built from words, because assigning a number may change a NaN's payload.
        const values = Float64Array.from(list);
        expect(bits(throughValues(values).back)).toEqual(bits(values));
      }),
    );
  });

  test('keeps NaN payloads', () => {
    const values = new Float64Array(new BigUint64Array([0x7ff8_0000_0000_0001n, 0x7ff0_0000_dead_beefn, 0xfff8_0000_0000_0000n]).buffer);
    expect(bits(throughValues(values).back)).toEqual(bits(values));
  });

  test('short decimals take about a byte or two each', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => Math.round((20 + Math.sin(i / 50)) * 100) / 100);
    expect(throughValues(values).bytes).toBeLessThan(1500);
  });

  test('preserves every int64 time', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), (list) => {
        const times = BigInt64Array.from(list.sort((a, b) => (a < b ? -1 : 1)));
        const out = new ByteWriter();
        writeTimes(out, times);
        const bytes = out.finish();
        expect(Array.from(readWideTimes(new ByteReader(bytes), times.length, bytes))).toEqual(Array.from(times));
      }),
    );
  });

  test('regular times take a few bytes however many there are', () => {
    const times = Float64Array.from({ length: 3600 }, (_, i) => 1_700_000_000_000 + i * 1000);
    const out = new ByteWriter();
    writeTimes(out, times);
    expect(out.length).toBeLessThan(12);
    expect(readTimes(new ByteReader(out.finish()), times.length)).toEqual(times);
  });

  test('bytes that end early are an error', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 2 }), fc.nat(), (list, cut) => {
        const values = Float64Array.from(list);
        const out = new ByteWriter();
        writeValues(out, values);
        const bytes = out.finish();
        const short = bytes.subarray(0, cut % bytes.length);
        expect(() => readValues(new ByteReader(short), values.length)).toThrow(CorruptError);
      }),
    );
  });
});

describe('pyramid', () => {
  // Adding 0 turns −0 into 0: it is unspecified which of the two zeros is kept.
  const value = fc.oneof(
    { weight: 8, arbitrary: fc.double({ noNaN: true }).map((v) => v + 0) },
    { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
  );

  test('extremes of any range equal a scan, also after appending', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 2000 }), fc.nat(2000), fc.nat(2000), fc.nat(2000), (list, split, a, b) => {
        const values = Float64Array.from(list);
        const pyramid = new Pyramid(values, Math.min(split, values.length));
        pyramid.extend(values, values.length);
        const from = Math.min(a, b, values.length);
        const to = Math.min(Math.max(a, b), values.length);
        const numbers = list.slice(from, to).filter(Number.isFinite);
        expect(pyramid.range(from, to)).toEqual({ min: Math.min(...numbers), max: Math.max(...numbers) });
      }),
      { numRuns: 300 },
    );
  });
});
