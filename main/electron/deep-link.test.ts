import { expect, test } from 'vitest';
import { linkTo, placeInArguments, placeOf } from './deep-link.ts';

const connection = '01938d5e-7a10-7000-8000-000000000001';
const alert = '01938d5e-7a10-7000-8000-000000000002';

test('a link leads to its alert', () => {
  expect(placeOf(linkTo(connection, alert))).toBe(`/alerts/${connection}/${alert}`);
  expect(placeOf(`${linkTo(connection, alert)}/`)).toBe(`/alerts/${connection}/${alert}`);
});

test.each([
  'watchfloor://alert/x/y',
  `watchfloor://alert/${connection}`,
  `watchfloor://alert/${connection}/${alert}/more`,
  `watchfloor://alert/${connection}/${alert}?x=1`,
  `watchfloor://alert/${connection}/..%2f..%2f`,
  `watchfloor://settings/${connection}/${alert}`,
  `https://alert/${connection}/${alert}`,
  'watchfloor://',
  '',
])('%j is ignored', (link) => {
  expect(placeOf(link)).toBeNull();
});

test('the first valid link among the arguments counts', () => {
  expect(placeInArguments(['electron', '.', '--data', 'x', 'watchfloor://nonsense', linkTo(connection, alert)])).toBe(
    `/alerts/${connection}/${alert}`,
  );
  expect(placeInArguments(['electron', '.'])).toBeNull();
});
