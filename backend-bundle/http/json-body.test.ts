import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJsonBody } from './json-body.ts';

const bytes = (text: string) => Buffer.from(text);
const refusal = (body: Uint8Array) => {
  try {
    return parseJsonBody(body);
  } catch (error) {
    return error;
  }
};

test('reads any JSON like JSON.parse', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const text = JSON.stringify(value);
      // Refused on purpose; other tests cover it.
      fc.pre(!/__proto__|constructor|prototype|\\u0000|\\ud[89a-f]/.test(text));
      expect(parseJsonBody(bytes(text))).toEqual(JSON.parse(text));
    }),
  );
});

test.each([
  ['a label', '{"metrics":[{"labels":{"__proto__":"a"}}]}', 'metrics.0.labels.__proto__'],
  ['a label written with escapes', String.raw`{"metrics":[{"labels":{"\u005f_pr\u006fto__":"a"}}]}`, 'metrics.0.labels.__proto__'],
  ['the constructor', '{"labels":{"constructor":"a"}}', 'labels.constructor'],
  ['the prototype', '{"labels":{"prototype":"a"}}', 'labels.prototype'],
  ['the whole body', '{"__proto__":{"admin":true}}', '__proto__'],
])('a reserved name is refused with its path: %s', (_, body, field) => {
  expect(refusal(bytes(body))).toMatchObject({ code: 'validation_failed', field, message: expect.stringContaining(`“${field}”`) });
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

test('the same words are fine as values', () => {
  const value = { segment: '__proto__', names: ['constructor', 'prototype'] };
  expect(parseJsonBody(bytes(JSON.stringify(value)))).toEqual(value);
});

test.each([
  ['a byte that begins no character', [0xff], 7],
  ['a character cut short', [0xe2, 0x82], 7],
  ['an overlong slash', [0xc0, 0xaf], 7],
  ['half a character', [0xed, 0xa0, 0x80], 7],
])('bytes that are not UTF-8 are refused with their position: %s', (_, wrong, offset) => {
  const body = Buffer.concat([bytes('{"a": "'), Buffer.from(wrong), bytes('"}')]);
  expect(refusal(body)).toMatchObject({ code: 'validation_failed', message: expect.stringContaining(`offset ${offset}`) });
});

test.each([
  ['half a character', String.raw`{"a":{"b":["x","\ud800"]}}`, 'a.b.1', /surrogate/],
  ['half a character in a name', String.raw`{"\udc00":1}`, '\ufffd', /surrogate/],
  ['a NUL', String.raw`{"segment":"a\u0000b"}`, 'segment', /NUL/],
])('a character that databases can’t store is refused with its name: %s', (_, body, field, message) => {
  expect(refusal(bytes(body))).toMatchObject({ code: 'validation_failed', field, message: expect.stringMatching(message) });
});

test('a surrogate pair written as two escapes is accepted', () => {
  expect(parseJsonBody(bytes(String.raw`{"a":"\ud83d\ude42"}`))).toEqual({ a: '🙂' });
});

test('a body nested as deep as its size allows is read without a crash', () => {
  const deep = `${'['.repeat(5_000)}"\\u0041"${']'.repeat(5_000)}`;
  expect(parseJsonBody(bytes(deep))).toBeInstanceOf(Array);
});
