import { expect, test } from 'vitest';
import { linesOfCode, linesRun } from './lines.ts';

const source = ['function one() {', '  return 1;', '}', 'function two() {', '  return 2;', '}', 'one();'].join('\n');
const range = (text: string, count: number) => {
  const startOffset = source.indexOf(text);
  return { startOffset, endOffset: startOffset + text.length, count };
};

test('a function that was never called did not run, and what surrounds it did', () => {
  const functions = [
    { ranges: [range(source, 1)] },
    { ranges: [range('function one() {\n  return 1;\n}', 1)] },
    { ranges: [range('function two() {\n  return 2;\n}', 0)] },
  ];
  expect(linesRun(source, functions)).toEqual([true, true, true, false, false, false, true]);
});

test('a block within a function is counted separately, in whatever order the functions are listed', () => {
  const functions = [{ ranges: [range('function two() {\n  return 2;\n}', 3), range('return 2;', 0)] }, { ranges: [range(source, 1)] }];
  expect(linesRun(source, functions)).toEqual([true, true, true, true, false, true, true]);
});

test('a script that no process loaded did not run', () => {
  expect(linesRun('a();\nb();', [])).toEqual([false, false]);
});

test('only lines that hold code are counted', () => {
  const lines = [
    "import { a } from './a.ts';",
    'import {',
    '  b,',
    "} from './b.ts';",
    '/** A comment',
    ' * of two lines. */',
    'export interface Shape {',
    '  size: number;',
    '}',
    'type Name = string;',
    'export type Either =',
    '  | { left: number }',
    '  | { right: number };',
    'function f(): Either {',
    '  return { left: 1 };',
    '}',
    '',
    '// why',
    'export const c = a(b);',
    'if (c) {',
    '  c();',
    '}',
    '});',
  ];
  const counted = linesOfCode(lines.join('\n')).flatMap((isCode, i) => (isCode ? [lines[i]] : []));
  expect(counted).toEqual(['function f(): Either {', '  return { left: 1 };', 'export const c = a(b);', 'if (c) {', '  c();']);
});
