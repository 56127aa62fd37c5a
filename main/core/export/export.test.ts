import { describe, expect, test } from 'vitest';
import { visualParts } from './bidi.ts';
import { blocksOf, plainText } from './markdown.ts';
import { encodeOutline } from './outline.ts';
import { paginate } from './paginate.ts';
import { stamp } from './words.ts';

describe('the order of words on a line', () => {
  const drawn = (line: string, direction: 'ltr' | 'rtl') => visualParts(line, direction).join('');

  test.each([
    ['one script, left to right', 'Belt speed (7), now', 'ltr', 'Belt speed (7), now'],
    ['Arabic words stand in turn from the right', 'سرعة السير', 'rtl', 'السير سرعة'],
    ['a number keeps its unit', 'سرعة 0.62 m/s الآن', 'rtl', 'الآن 0.62 m/s سرعة'],
    ['brackets open towards what they hold', 'المضيف (الخط 7)', 'rtl', '(7 الخط) المضيف'],
    ['a sign at the end of the line stands at its end', 'الذاكرة (RAM) 12 GB.', 'rtl', '.(RAM) 12 GB الذاكرة'],
    ['two Arabic words within English keep their own order', 'Panel سرعة السير here', 'ltr', 'Panel السير سرعة here'],
    ['a number after Arabic words stays with them', 'Panel الخط 7 here', 'ltr', 'Panel 7 الخط here'],
    [
      'a stretch of time reads from the left',
      'المدى: 2026-11-21 10:00 – 2026-11-21 11:00',
      'rtl',
      '2026-11-21 10:00 – 2026-11-21 11:00 :المدى',
    ],
    ['a comparison, a host and a number in brackets', 'تنبيه: CPU > 90% على srv-01 (خط 3)', 'rtl', '(3 خط) srv-01 على CPU > 90% :تنبيه'],
    ['a minus stays on the left of its number', 'القيمة -5.2 ms الآن', 'rtl', 'الآن -5.2 ms القيمة'],
    ['a range relative to now is whole', 'المدى now-6h حتى now', 'rtl', 'now حتى now-6h المدى'],
    ['addresses are whole', 'المضيف fe80::1ff:fe23:4567:890a و 10.0.0.1', 'rtl', '10.0.0.1 و fe80::1ff:fe23:4567:890a المضيف'],
    ['two times of day read from the left', 'من 12:05-13:10 اليوم', 'rtl', 'اليوم 12:05-13:10 من'],
  ] as const)('%s', (_, line, direction, expected) => {
    expect(drawn(line, direction)).toBe(expected);
  });
});

describe('pages', () => {
  const at = (id: string, x: number, y: number, w: number, h: number) => ({ id, place: { x, y, w, h } });
  const ids = (pages: { top: number; panels: { id: string }[] }[]) => pages.map(({ top, panels }) => [top, panels.map(({ id }) => id)]);

  test('no panel is split: one that crosses the end starts a new page with its row', () => {
    const panels = [at('c', 0, 10, 24, 8), at('a', 0, 0, 12, 10), at('b', 12, 0, 12, 14), at('d', 0, 18, 24, 5)];
    expect(ids(paginate(panels, 16, 24))).toEqual([
      [0, ['a', 'b']],
      [10, ['c', 'd']],
    ]);
  });

  test('a panel taller than a page gets its own page and that page’s height', () => {
    expect(ids(paginate([at('a', 0, 0, 24, 4), at('tall', 0, 4, 24, 90), at('z', 0, 94, 24, 4)], 16, 24))).toEqual([
      [0, ['a']],
      [4, ['tall']],
      [94, ['z']],
    ]);
  });
});

describe('Markdown on paper', () => {
  test('blocks and lists', () => {
    expect(blocksOf('# Title #\n\nOne\ntwo\n\n- a\n  - b\n1. c\n\n```\nx = 1\n```\n---')).toEqual([
      { kind: 'heading', depth: 1, text: 'Title' },
      { kind: 'paragraph', depth: 0, text: 'One two' },
      { kind: 'item', depth: 0, mark: '•', text: 'a' },
      { kind: 'item', depth: 1, mark: '•', text: 'b' },
      { kind: 'item', depth: 0, mark: '1.', text: 'c' },
      { kind: 'code', depth: 0, text: 'x = 1' },
      { kind: 'rule', depth: 0, text: '' },
    ]);
  });

  test('formatting is removed, links keep their address, tags are removed', () => {
    expect(plainText('**Bold** and _slant_ and `code`, [guide](https://example.org/a) <b>x</b> snake_case_name')).toBe(
      'Bold and slant and code, guide (https://example.org/a) x snake_case_name',
    );
  });
});

test('an outline is a simple glyph: contours, points, deltas', () => {
  const bytes = encodeOutline([
    { command: 'moveTo', args: [10, 20] },
    { command: 'lineTo', args: [110, 20] },
    { command: 'quadraticCurveTo', args: [110, 120, 10, 120] },
    { command: 'closePath', args: [] },
  ]);
  const read = (count: number, from: number) => Array.from({ length: count }, (_, i) => bytes.readInt16BE(from + i * 2));
  expect(read(7, 0)).toEqual([1, 10, 20, 110, 120, 3, 0]);
  expect([...bytes.subarray(14, 18)]).toEqual([1, 1, 0, 1]);
  expect(read(4, 18)).toEqual([10, 100, 0, -100]);
  expect(read(4, 26)).toEqual([20, 0, 100, 0]);
  expect(bytes.length % 4).toBe(0);
  expect(encodeOutline([])).toHaveLength(0);
});

test('times include their zone', () => {
  const at = Date.UTC(2026, 10, 21, 15, 4, 5);
  expect(stamp(at, 'UTC')).toBe('2026-11-21 15:04:05 UTC');
  expect(stamp(at, 'Asia/Dubai')).toBe('2026-11-21 19:04:05 +04:00');
});
