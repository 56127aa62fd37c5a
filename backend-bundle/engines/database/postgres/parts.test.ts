import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinParts, splitText } from './parts.ts';

it('splits any text into payloads that PostgreSQL accepts, and reassembles them when they arrive mixed with others', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 2_000, maxLength: 9_000 }));
  fc.assert(
    fc.property(text, text, (a, b) => {
      const heard: string[] = [];
      const join = joinParts('me', (whole) => heard.push(whole));
      const [first, second] = [splitText('a', a), splitText('b', b)];
      for (let i = 0; i < Math.max(first.length, second.length); i++) {
        for (const payload of [first[i], second[i]]) {
          if (payload === undefined) continue;
          expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
          join(payload);
        }
      }
      expect(heard.sort()).toEqual([a, b].sort());
    }),
    { numRuns: 50 },
  );
});

it('ignores its own messages and invalid ones, and drops incomplete texts', () => {
  const heard: string[] = [];
  const join = joinParts('me', (whole) => heard.push(whole));
  for (const payload of [...splitText('me', 'mine'), 'nonsense', '']) join(payload);
  const cut = splitText('you', 'x'.repeat(4_000));
  join(cut[0] ?? '');
  for (let i = 0; i < 40; i++) join(splitText('you', 'y'.repeat(4_000))[0] ?? '');
  join(cut[1] ?? '');
  expect(heard).toEqual([]);
});

it('refuses a text that is too long', () => {
  expect(() => splitText('me', 'x'.repeat(200_000))).toThrow('too long');
});
