import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hourMs } from '#common/time/durations.ts';
import { type ChartColumns, chartSize, drawChart, ink } from './chart-image.ts';
import { PaletteImage } from './png.ts';

const interval = { from: 0, to: hourMs };
const flat = (columns: number[], value: number): ChartColumns => {
  const values = columns.map(() => value);
  return { column: columns, first: values, last: values, min: values, max: values };
};
const draw = (columns: ChartColumns, threshold: number | null = null, firedAt = hourMs) =>
  drawChart(columns, { interval, threshold, firedAt }) ?? expect.fail('nothing was drawn');
const rowsOf = (image: PaletteImage, x: number, colour: number): number[] =>
  Array.from({ length: image.height }, (_, y) => y).filter((y) => image.at(x, y) === colour);
const every = (step: number) => Array.from({ length: 1_200 / step }, (_, i) => i * step + 10).filter((x) => x < 1_190);

describe('the chart of an e-mail', () => {
  it('is empty without points', () => {
    expect(drawChart(flat([], 0), { interval, threshold: 1, firedAt: 0 })).toBeNull();
  });

  it('draws greater values higher, and the threshold where its value is', () => {
    const image = draw({ ...flat([100, 105, 110], 1), min: [1, 1, 0], max: [4, 1, 1] }, 2);
    const middle = (rows: number[]) => rows[Math.floor(rows.length / 2)] ?? Number.NaN;
    const [tall, low] = [rowsOf(image, 100, ink.series), rowsOf(image, 105, ink.series)];
    expect(tall.length).toBeGreaterThan(low.length);
    expect(Math.min(...tall)).toBeLessThan(Math.min(...low));
    // From bottom to top the scale has 0, 1, 2 and 4.
    const scale = (value: number) => Math.round(chartSize.height * (0.94 - (value / 4) * 0.88));
    expect(middle(low)).toBe(scale(1));
    expect(middle(rowsOf(image, 70, ink.threshold))).toBe(scale(2));
    expect(rowsOf(image, 50, ink.threshold)).toEqual([]);
  });

  it('marks when the alert fired', () => {
    const image = draw(flat(every(5), 1), null, hourMs / 2);
    expect(rowsOf(image, 600, ink.fired).length).toBeGreaterThan(250);
    expect(rowsOf(image, 590, ink.fired)).toEqual([]);
    expect(rowsOf(draw(flat(every(5), 1)), 1_199, ink.fired).length).toBe(chartSize.height);
  });

  it('connects points, but not across a gap', () => {
    const image = draw(
      flat(
        every(10).filter((x) => x < 400 || x > 700),
        1,
      ),
    );
    expect(rowsOf(image, 215, ink.series).length).toBe(3);
    expect(rowsOf(image, 550, ink.series)).toEqual([]);
  });

  it('draws a constant series in the middle, also of 0', () => {
    for (const value of [0, 5, -3]) expect(rowsOf(draw(flat(every(5), value)), 300, ink.series)).toEqual([159, 160, 161]);
  });
});

describe('an image as PNG', () => {
  it('has its size, colours and pixels', () => {
    const image = new PaletteImage(3, 2, ['#ffffff', '#102030']);
    image.fill(1, 1, 5, 5, 1);
    image.fill(-1, 1, 2, 1, 1);
    const png = image.toPng();
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([3, 2]);
    expect(
      png
        .subarray(png.indexOf('PLTE') + 4)
        .subarray(0, 6)
        .toString('hex'),
    ).toBe('ffffff102030');
    const data = png.indexOf('IDAT');
    const rows = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
    expect([...rows]).toEqual([0, 0, 0, 0, 0, 1, 1, 1]);
  });
});
