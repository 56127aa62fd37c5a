import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = globSync('{common,backend-bundle,main,preload,renderer}/**/*.{ts,tsx}', { cwd: root }).filter(
  (file) => !/\.test\.tsx?$/.test(file),
);

/** Lengths of an hour, a day and a week written out, and names that would be a second home of theirs. */
const handmade = /(?<![\w.])(3_600_000|86_400_000|604_800_000)\b|\b(hourMs|dayMs|weekMs) =/;

const handmadeIn = (text: string) => text.split('\n').flatMap((line, at) => (handmade.test(line) ? [at + 1] : []));

it('hours, days and weeks have their length from common/time/durations.ts', () => {
  expect(files.length).toBeGreaterThan(500);
  expect(handmadeIn(['const keptMs = 30 * 86_400_000;', 'const dayMs = 1;', 'const keptMs = 30 * dayMs;'].join('\n'))).toEqual([1, 2]);

  const found = files
    .filter((file) => file !== 'common/time/durations.ts')
    .flatMap((file) => handmadeIn(readFileSync(`${root}/${file}`, 'utf8')).map((line) => `${file}:${line}`));
  expect(found).toEqual([]);
});
