import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Encoded, encodeFrame, FrameReader, pieceBytes } from './codec.ts';

const copyOf = (bytes: Uint8Array) => bytes.slice().buffer;
const messagesOf = (encoded: Encoded): (string | ArrayBuffer)[] =>
  'text' in encoded ? [encoded.text] : [copyOf(encoded.head), ...Array.from(encoded.pieces, copyOf)];

/** Returns what arrives when a frame is sent. */
function across(frame: object): unknown[] {
  const reader = new FrameReader();
  return messagesOf(encodeFrame(frame))
    .map((message) => reader.read(message))
    .filter((one) => one !== undefined);
}

const column = fc.oneof(
  fc.array(fc.double(), { maxLength: 200 }).map((values) => Float64Array.from(values)),
  fc.array(fc.integer(), { maxLength: 20 }).map((values) => Int32Array.from(values)),
  fc.array(fc.float(), { maxLength: 20 }).map((values) => Float32Array.from(values)),
);
const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    column,
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('node'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).node;

test('values arrive as they were sent', () => {
  fc.assert(
    fc.property(value, (output) => {
      fc.pre(!JSON.stringify(output).includes('__proto__'));
      const frame = { kind: 'result', id: 1, output };
      expect(across(frame)).toEqual([frame]);
    }),
  );
});

describe('how frames are encoded', () => {
  const points = Float64Array.from({ length: 100_000 }, (_, index) => 1_732_000_000_000 + index * 2_000);

  test('frames without columns are text; columns are split into pieces and never printed', () => {
    expect(encodeFrame({ kind: 'result', output: [1, 2, 3] })).toEqual({ text: '{"kind":"result","output":[1,2,3]}' });
    const encoded = encodeFrame({ kind: 'result', output: { t: points, v: points } });
    if ('text' in encoded) throw new Error('It was printed.');
    expect(encoded.head.length).toBeLessThan(200);
    const sizes = Array.from(encoded.pieces, ({ length }) => length);
    expect(sizes.slice(0, -1)).toEqual(Array(6).fill(pieceBytes));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2 * 8 * 100_000);
  });

  test('many short columns share a piece', () => {
    const encoded = encodeFrame({ series: Array.from({ length: 500 }, () => ({ v: points.slice(0, 20) })) });
    if ('text' in encoded) throw new Error('It was printed.');
    expect([...encoded.pieces]).toHaveLength(1);
    expect(across({ series: [{ v: points.slice(0, 3) }, { v: points.slice(0, 0) }, { v: points.slice(0, 2) }] })).toEqual([
      { series: [{ v: points.slice(0, 3) }, { v: points.slice(0, 0) }, { v: points.slice(0, 2) }] },
    ]);
  });

  test('a part of a larger column is sent alone', () => {
    const part = points.subarray(10, 20);
    expect(across({ part })).toEqual([{ part: points.slice(10, 20) }]);
  });

  test('text may come between the pieces', () => {
    const frame = { output: { v: points } };
    const reader = new FrameReader();
    const read = messagesOf(encodeFrame(frame)).flatMap((message) => [reader.read(message), reader.read('{"kind":"alive"}')]);
    expect(read.filter((one) => one !== undefined && (one as { kind?: string }).kind !== 'alive')).toEqual([frame]);
    expect(read.filter((one) => (one as { kind?: string } | undefined)?.kind === 'alive').length).toBeGreaterThan(3);
  });

  test('encoding does not change the frame', () => {
    const frame = { kind: 'result', output: { v: points } };
    encodeFrame(frame);
    expect(frame.output.v).toHaveLength(100_000);
  });
});

const head = (content: unknown) => new TextEncoder().encode(JSON.stringify(content)).buffer;

test.each([
  ['no head', new Uint8Array(64).buffer],
  ['a type that is none', head({ frame: { v: null }, columns: [[['v'], 'f128', 1]] })],
  ['more than can be held', head({ frame: { v: null }, columns: [[['v'], 'f64', 1e12]] })],
  ['a length that is none', head({ frame: { v: null }, columns: [[['v'], 'f64', -1]] })],
])('bytes that are not a frame are refused: %s', (_, bytes) => {
  expect(() => new FrameReader().read(bytes)).toThrow();
});

test('a head cannot add a column where there was none', () => {
  const at = (path: string[]) => new FrameReader().read(head({ frame: { kind: 'result' }, columns: [[path, 'f64', 0]] }));
  expect(() => at(['__proto__', 'x'])).toThrow(/does not hold/);
  expect(() => at(['kind'])).toThrow(/does not hold/);
  expect(() => at(['constructor'])).toThrow(/does not hold/);
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
});

test('pieces beyond what was announced are refused', () => {
  const reader = new FrameReader();
  reader.read(head({ frame: { v: null }, columns: [[['v'], 'f64', 1]] }));
  expect(() => reader.read(new ArrayBuffer(16))).toThrow(/longer/);
});
