import { expect, test } from 'vitest';
import { findLongFunctions } from './function-lengths.ts';

const namesIn = (text: string, max: number) =>
  findLongFunctions('a.tsx', text, max).map(({ name, line, lines }) => `${line} ${name} ${lines}`);

test('each kind of function is counted from its first line to its last, and has the name of what holds it', () => {
  const text = `function declared() {
  // a comment counts
  return 1;
}
const arrow = () => {
  return <p>

  </p>;
};
class Kind {
  constructor() {
    declared();
    arrow();
  }
  #hidden() {
    declared();
    arrow();
  }
}
export const memoized = memo(function Inner() {
  return [() => {
    declared();
    arrow();
  }];
});
const short = () => {
  return 1;
};`;
  expect(namesIn(text, 3)).toEqual(['1 declared 4', '5 arrow 5', '11 constructor 4', '15 hidden 4', '20 Inner 6', '21  4']);
  expect(namesIn(text, 5)).toEqual(['20 Inner 6']);
});
