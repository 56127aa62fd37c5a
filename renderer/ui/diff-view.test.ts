import { expect, test } from 'vitest';
import { printValue } from './diff-view.tsx';

test.each([
  ['words as they are', 'CPU', 'CPU'],
  ['an empty text is seen', '', '“”'],
  ['numbers and switches', false, 'false'],
  ['what is flat and short stands on one line', { x: 4, y: 0, w: 12, h: 8 }, 'x: 4, y: 0, w: 12, h: 8'],
  ['an empty list', [], '–'],
  [
    'the rest is an outline',
    { title: 'Belt speed over the last hours, by line and by shift', selector: { from: 'signal', loaderCode: 'belt-speed' } },
    'title: Belt speed over the last hours, by line and by shift\nselector: from: signal, loaderCode: belt-speed',
  ],
] as const)('%s', (_, value, expected) => {
  expect(printValue(value)).toBe(expected);
});
