import { expect, test } from 'vitest';
import { readLogLine } from './log-line.ts';

const time = Date.UTC(2026, 10, 21, 1, 2, 3, 4);
test.each([
  [{ level: 30, time, msg: 'ready' }, '2026-11-21T01:02:03.004Z info  ready', false],
  [
    { level: 50, time, msg: 'a round failed', err: { message: 'no such table' } },
    '2026-11-21T01:02:03.004Z error a round failed: no such table',
    true,
  ],
  [{ level: 50, time, msg: 'no such table', err: { message: 'no such table' } }, '2026-11-21T01:02:03.004Z error no such table', true],
  [{ level: 60, time }, '2026-11-21T01:02:03.004Z fatal ', true],
])('%j', (record, text, problem) => {
  expect(readLogLine(JSON.stringify(record))).toMatchObject({ text, problem });
});

test.each([
  ['plain words', 'plain words', false],
  ['TypeError: x is not a function', 'TypeError: x is not a function', true],
  ['watchfloor embedded: Port 1 is in use.', 'Port 1 is in use.', true],
  ['Node.js v24.21.0', 'Node.js v24.21.0', false],
  ['', '', false],
  ['"text"', '"text"', false],
  ['{"level":"high"}', '{"level":"high"}', false],
])('%j outside the log', (raw, message, problem) => {
  expect(readLogLine(raw)).toEqual({ text: raw, message, problem });
});
