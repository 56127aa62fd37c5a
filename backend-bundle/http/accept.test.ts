import { expect, test } from 'vitest';
import { arrowMediaType } from '#common/contract/endpoint.ts';
import { choose, jsonMediaType } from './accept.ts';

const both = [jsonMediaType, arrowMediaType];

test.each([
  [undefined, jsonMediaType],
  ['', jsonMediaType],
  ['*/*', jsonMediaType],
  ['application/*', jsonMediaType],
  [arrowMediaType, arrowMediaType],
  ['Application/JSON; charset=utf-8', jsonMediaType],
  [`${arrowMediaType}, application/json;q=0.5`, arrowMediaType],
  [`${arrowMediaType};q=0.1, */*;q=0.5`, jsonMediaType],
  ['application/json;q=0, */*', arrowMediaType],
  ['text/html,application/xhtml+xml,*/*;q=0.8', jsonMediaType],
])('%s is answered with %s', (accept, expected) => {
  expect(choose(accept, both)).toBe(expected);
});

test('a media type that is not offered is refused with the list of those that are', () => {
  const error = expect.objectContaining({ code: 'not_acceptable', field: 'accept', hint: expect.stringContaining(arrowMediaType) });
  expect(() => choose('text/csv', both)).toThrow(error);
  expect(() => choose('application/json;q=0', both)).toThrow(error);
  expect(() => choose(arrowMediaType, [jsonMediaType])).toThrow(expect.objectContaining({ hint: expect.not.stringContaining('arrow') }));
});
