import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examples } from '../../test/support/chance.ts';
import { type Change, diffDocuments } from './diff.ts';
import { mergeDocuments } from './merge.ts';
import { same } from './shape.ts';

const word = fc.constantFrom('a', 'b', 'c', 'd');
const place = fc.record({ x: fc.nat(3), y: fc.nat(3), w: fc.constant(2), h: fc.constant(2) });
/** Few ids on purpose, some of them equal to field names, so that both sides change the same panels and ids aren't mistaken for fields. */
const ids = ['p1', 'p2', 'p3', 'panels', 'drawing'];
const drawing = fc.record({ title: word, unit: word, tags: fc.array(word, { maxLength: 2 }) }, { requiredKeys: ['title'] });
const panelOf = (id: string) =>
  fc.oneof(
    fc.record({ id: fc.constant(id), kind: fc.constant('chart'), place, drawing }),
    fc.record({ id: fc.constant(id), kind: fc.constant('text'), place, markdown: word }),
  );
const panels = fc.shuffledSubarray(ids).chain((some) => fc.tuple(...some.map(panelOf)));
const document = fc.record({
  title: word,
  tags: fc.array(word, { maxLength: 2 }),
  range: fc.record({ lastMs: fc.nat(2) }),
  panels,
});
type Doc = Record<string, unknown> & { panels: { id: string }[] };
const documents = document as unknown as fc.Arbitrary<Doc>;

function at(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value.find((entry: { id: string }) => entry.id === step);
    return (value as Record<string, unknown> | undefined)?.[step];
  }, document);
}
const below = (path: readonly string[], of: readonly string[]) => of.every((step, i) => path[i] === step);
/** Returns whether a change by one side is in the merged document or listed as a clash. */
function accounted({ path, kind, after }: Change, merged: Doc, clashes: readonly { path: readonly string[] }[]): boolean {
  if (kind === 'reordered') return true;
  return same(at(merged, path), after) || clashes.some((clash) => below(path, clash.path) || below(clash.path, path));
}

describe('merging two changes of one document', () => {
  it('applies changes by one side, and equal changes by both once', () => {
    fc.assert(
      fc.property(documents, documents, (base, changed) => {
        for (const [mine, theirs] of [
          [changed, base],
          [base, changed],
          [changed, changed],
        ] as const) {
          expect(mergeDocuments(base, mine, theirs)).toEqual({ merged: changed, clashes: [] });
        }
      }),
    );
  });

  it('loses no change of either side: each is in the result or listed as a clash', () => {
    fc.assert(
      fc.property(documents, documents, documents, (base, mine, theirs) => {
        const { merged, clashes } = mergeDocuments(base, mine, theirs);
        for (const change of [...diffDocuments(base, mine), ...diffDocuments(base, theirs)]) {
          expect({ change, accounted: accounted(change, merged, clashes) }).toEqual({ change, accounted: true });
        }
      }),
      { numRuns: examples(1_000) },
    );
  });

  it('gives the same content whoever saved first, and adds nothing', () => {
    fc.assert(
      fc.property(documents, documents, documents, (base, mine, theirs) => {
        const one = mergeDocuments(base, mine, theirs, 'mine');
        const other = mergeDocuments(base, theirs, mine, 'theirs');
        const content = ({ merged }: { merged: Doc }) => ({
          ...merged,
          panels: merged.panels.toSorted((a, b) => a.id.localeCompare(b.id)),
        });
        expect(content(one)).toEqual(content(other));
        expect(one.clashes.map(({ path }) => path.join()).toSorted()).toEqual(other.clashes.map(({ path }) => path.join()).toSorted());
        const known = new Set([...mine.panels, ...theirs.panels].map(({ id }) => id));
        expect(one.merged.panels.every(({ id }) => known.has(id))).toBe(true);
        expect(new Set(one.merged.panels.map(({ id }) => id)).size).toBe(one.merged.panels.length);
      }),
      { numRuns: examples(1_000) },
    );
  });

  it('keeps the order of the side that changed it', () => {
    fc.assert(
      fc.property(documents, fc.infiniteStream(fc.nat(100)), fc.boolean(), (base, weights, left) => {
        const stream = weights[Symbol.iterator]();
        const weight = new Map(base.panels.map(({ id }) => [id, stream.next().value as number]));
        const moved = { ...base, panels: base.panels.toSorted((a, b) => (weight.get(a.id) ?? 0) - (weight.get(b.id) ?? 0)) };
        const edited = { ...base, title: 'z', panels: [...base.panels, { id: 'new' }] };
        const { merged } = left ? mergeDocuments(base, moved, edited) : mergeDocuments(base, edited, moved);
        expect(merged.panels.map(({ id }) => id).filter((id) => id !== 'new')).toEqual(moved.panels.map(({ id }) => id));
        expect(merged).toMatchObject({ title: 'z' });
      }),
    );
  });
});
