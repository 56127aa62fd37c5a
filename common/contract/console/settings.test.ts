import { expect, it } from 'vitest';
import { settingsChange, settingsSchema } from './settings.ts';

it('changes only the named settings', () => {
  expect(settingsChange.parse({ theme: 'light' })).toEqual({ theme: 'light' });
  expect(settingsChange.parse({})).toEqual({});
});

it('can change every setting there is', () => {
  const all = settingsSchema.parse({});
  expect(settingsChange.parse(all)).toEqual(all);
  expect(Object.keys(settingsChange.shape).sort()).toEqual(Object.keys(settingsSchema.shape).sort());
});

it('refuses an unknown setting', () => expect(settingsChange.safeParse({ colour: 'red' }).success).toBe(false));
