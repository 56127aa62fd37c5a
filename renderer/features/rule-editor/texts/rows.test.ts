import { expect, it } from 'vitest';
import { ruleInput } from '#common/contract/rules.ts';
import { namesTwice, rowsOf, toTexts } from './rows.ts';

it('rows become fields and fields become rows', () => {
  const texts = { summary: 'Slow', description: 'Very' };
  expect(toTexts(rowsOf(texts))).toEqual(texts);
});

it('a row that was just added is no field, but one with a text and no name is', () => {
  expect(toTexts([{ name: '', text: '' }])).toEqual({});
  expect(toTexts([{ name: '', text: 'x' }])).toEqual({ '': 'x' });
});

it('a name that is given twice or thrice loses no text, is named, and can’t be saved', () => {
  const rows = [
    { name: 'team', text: 'a' },
    { name: 'site', text: 'b' },
    { name: 'team', text: 'c' },
    { name: 'team', text: 'd' },
  ];
  const labels = toTexts(rows);
  expect(Object.values(labels)).toEqual(['a', 'b', 'c', 'd']);
  expect(namesTwice(rows)).toEqual(new Set(['team']));
  expect(ruleInput.shape.labels.safeParse(labels).success).toBe(false);
});
