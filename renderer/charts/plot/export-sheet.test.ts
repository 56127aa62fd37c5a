import { describe, expect, it } from 'vitest';
import { SvgPen } from '#renderer/charts/engine/index.ts';
import { drawSheet, layOut } from './export-sheet.ts';

const legend = Array.from({ length: 9 }, (_, i) => ({ name: `line number ${i}`, color: '#123456', dashed: i === 8 }));
const options = { title: 'Belt speed', subtitle: '26 Nov 2026 08:00:00 – 09:00:00, UTC+1', legend, background: '#ffffff' };

describe('the sheet around an exported chart', () => {
  it('has title, range with zone and a legend of every line', () => {
    const sheet = layOut(600, options);
    const pen = new SvgPen(600, 300);
    drawSheet({ pen, sheet, options, look: { font: 'sans', muted: '#888888', rtl: false }, size: { width: 600, height: 200 }, scale: 1 });
    const svg = pen.toString();
    for (const text of [options.title, options.subtitle, ...legend.map(({ name }) => name)]) expect(svg).toContain(text);
    expect(svg.match(/stroke="#123456"/g)?.length).toBe(9);
  });

  it('breaks its legend into rows inside the width, and makes room for them', () => {
    const sheet = layOut(400, options);
    expect(new Set(sheet.entries.map(({ y }) => y)).size).toBeGreaterThan(2);
    for (const { x } of sheet.entries) expect(x).toBeLessThan(300);
    expect(sheet.bottom).toBeGreaterThan(Math.max(...sheet.entries.map(({ y }) => y)));
  });

  it('says what was lost between range and chart, in lines of its width', () => {
    const note = 'The store was damaged: points of these times are missing, or may be: 14:00:00 – 15:00:00, 17:20:00 – 17:40:00';
    const sheet = layOut(300, { ...options, note });
    expect(sheet.noteLines.length).toBeGreaterThan(2);
    expect(sheet.noteLines.join(' ')).toBe(note);
    expect(sheet.top).toBe(layOut(300, options).top + 20 * sheet.noteLines.length);
    const pen = new SvgPen(300, 300);
    const look = { font: 'sans', muted: '#888888', rtl: false };
    drawSheet({ pen, sheet, options: { ...options, note, danger: '#ff0000' }, look, size: { width: 300, height: 100 }, scale: 1 });
    const svg = pen.toString();
    for (const line of sheet.noteLines) expect(svg).toContain(line);
    expect(svg).toContain('#ff0000');
  });

  it('reserves no space for parts that are not requested', () => {
    expect(layOut(400, {})).toMatchObject({ top: 0, bottom: 0 });
  });
});
