import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame } from './codec.ts';

const wire = (frame: object) => {
  const encoded = encodeFrame(frame);
  return typeof encoded === 'string' ? encoded : encoded.buffer;
};

const numbers = fc.array(fc.double({ noNaN: true }), { minLength: 64, maxLength: 200 });
const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    numbers,
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('node'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).node;

test('what is sent is what arrives', () => {
  fc.assert(
    fc.property(value, (output) => {
      fc.pre(!JSON.stringify(output).includes('__proto__'));
      const frame = { kind: 'result', id: 1, output };
      expect(decodeFrame(wire(frame))).toEqual(frame);
    }),
  );
});

describe('which way it travels', () => {
  const points = Array.from({ length: 1_000 }, (_, index) => 1_732_000_000_000 + index * 2_000);

  test('short frames are text, long arrays of numbers are not printed', () => {
    expect(typeof encodeFrame({ kind: 'result', output: [1, 2, 3] })).toBe('string');
    const encoded = encodeFrame({ kind: 'result', output: { t: points, v: points } });
    expect(encoded).toBeInstanceOf(Uint8Array);
    expect(encoded.length).toBeLessThan(2 * 8 * 1_000 + 200);
  });

  test('numbers that JSON would lose arrive too', () => {
    const odd = [...points.slice(0, 100), Number.NaN, Number.POSITIVE_INFINITY, -0];
    expect((decodeFrame(wire({ odd })) as { odd: number[] }).odd).toEqual(odd);
  });

  test('the frame that was sent is left as it was', () => {
    const frame = { kind: 'result', output: { v: points } };
    encodeFrame(frame);
    expect(frame.output.v).toHaveLength(1_000);
  });
});

test.each([
  ['too short', new Uint8Array(2)],
  ['a header that is none', new Uint8Array(64)],
  ['a length beyond the end', new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0])],
])('bytes that are no frame are refused: %s', (_, bytes) => {
  expect(() => decodeFrame(bytes.buffer)).toThrow();
});

test('a header cannot put an array where none was', () => {
  const header = new TextEncoder().encode(JSON.stringify({ frame: { kind: 'result' }, arrays: [[['__proto__', 'x'], 0]] }));
  const bytes = new Uint8Array(4 + header.length + 8);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 4);
  expect(() => decodeFrame(bytes.buffer)).toThrow(/does not hold/);
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
});
