import { describe, expect, it } from 'vitest';
import { isolate } from './isolate.ts';

describe('isolate', () => {
  const all = ['a', 'b', 'c'];
  it('isolates by a click and shows all again by another', () => {
    expect(isolate(undefined, 'b', all, false)).toEqual(['b']);
    expect(isolate(['b'], 'b', all, false)).toBeUndefined();
  });
  it('adds and removes with Shift, and knows when all are back', () => {
    expect(isolate(['b'], 'a', all, true)).toEqual(['a', 'b']);
    expect(isolate(['a', 'b'], 'c', all, true)).toBeUndefined();
    expect(isolate(undefined, 'c', all, true)).toEqual(['a', 'b']);
    expect(isolate(['a'], 'a', all, true)).toBeUndefined();
  });
});
