import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Column } from './column.ts';
import { Floats } from './floats.ts';
import { type Raster, runsOf, runsOfAll } from './runs.ts';
import { projection } from './scale.ts';

const start = 1_700_000_000_000;
const steps = fc.array(
  fc.tuple(
    fc.oneof({ weight: 30, arbitrary: fc.integer({ min: 1, max: 20 }) }, fc.constant(900)),
    fc.oneof({ weight: 20, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) }, fc.constantFrom(NaN, Infinity, 3_000)),
  ),
  { minLength: 1, maxLength: 900 },
);
const axis = { min: -120, max: 120, step: 20, scale: 'linear' as const };

function columnOf(given: readonly (readonly [number, number])[], isRegular: boolean): Column {
  let at = start;
  const times = given.map(([step]) => (at += isRegular ? 10 : step));
  const column = new Column({ times: Float64Array.from(times), values: Float64Array.from(given, ([, v]) => v), bucketMs: 0 });
  column.build();
  return column;
}

test.each(['line', 'step'] as const)('the runs of a %s from the extremes of its pixel columns are those from all its points', (draw) => {
  fc.assert(
    fc.property(
      steps,
      fc.boolean(),
      fc.integer({ min: 1, max: 120 }),
      fc.nat(4_000),
      fc.integer({ min: 50, max: 9_000 }),
      (given, isRegular, columns, from, width) => {
        const column = columnOf(given, isRegular);
        const raster: Raster = { from: start + from, to: start + from + width, columns, rows: 100 };
        const project = projection(axis, raster.rows);
        const few = runsOf(column, raster, project, 50, draw, new Floats()).take();
        const all = runsOfAll(column, raster, project, 50, draw, new Floats()).take();
        expect([...few]).toEqual([...all]);
      },
    ),
    { numRuns: 400 },
  );
});

test.each([
  ['line', 2],
  ['line', 3],
  ['step', 2],
] as const)('a crowd of pieces in one pixel column covers the same pixels: %s, distinguished up to %i', (draw, most) => {
  const broken = fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.oneof({ weight: 3, arbitrary: fc.double({ min: -150, max: 150, noNaN: true }) }, fc.constantFrom(NaN, Infinity, 30)),
    ),
    { minLength: 1, maxLength: 600 },
  );
  fc.assert(
    fc.property(
      broken,
      fc.integer({ min: 1, max: 20 }),
      fc.nat(800),
      fc.integer({ min: 50, max: 3_000 }),
      (given, columns, from, width) => {
        const column = columnOf(given, false);
        const raster: Raster = { from: start + from, to: start + from + width, columns, rows: 100 };
        const project = projection(axis, raster.rows);
        const few = runsOf(column, raster, project, 50, draw, new Floats(), most).take();
        const all = runsOfAll(column, raster, project, 50, draw, new Floats()).take();
        expect(pixelsOf(few, raster)).toEqual(pixelsOf(all, raster));
      },
    ),
    { numRuns: 400 },
  );
});

/** Returns the pixels that runs cover, as `paintRuns` draws them without anti-aliasing. */
function pixelsOf(runs: Float32Array, { columns, rows }: Raster): Uint8Array {
  const lit = new Uint8Array(columns * rows);
  for (let i = 0; i < runs.length; i += 4) {
    const top = Math.floor(runs[i + 1] as number);
    const bottom = Math.max(top + 1, Math.ceil(runs[i + 2] as number));
    for (let row = Math.max(0, top); row < Math.min(rows, bottom); row++) lit[(runs[i] as number) * rows + row] = 1;
  }
  return lit;
}

test('a line between two points far apart passes every pixel column between them', () => {
  const column = columnOf(
    [
      [10, 0],
      [10, 100],
    ].map(([, v], i) => [i === 0 ? 0 : 10, v ?? 0] as const),
    true,
  );
  const raster: Raster = { from: start, to: start + 30, columns: 30, rows: 240 };
  const runs = runsOf(column, raster, projection(axis, 240), 0, 'line', new Floats()).take();
  expect(Array.from({ length: runs.length / 4 }, (_, i) => runs[4 * i])).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  // From value 0 (row 120) to value 100 (row 20): ten rows per column.
  expect([runs[1], runs[2]]).toEqual([110, 120]);
});
