export type Direction = 'ltr' | 'rtl';

const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const leftToRight = /\p{L}/u;
const mirrored: Record<string, string> = {
  '(': ')',
  ')': '(',
  '[': ']',
  ']': '[',
  '{': '}',
  '}': '{',
  '<': '>',
  '>': '<',
  '«': '»',
  '»': '«',
};

type BidiClass = Direction | 'number' | null;

/** Returns the class of a word by its first letter; numbers and signs have no direction. */
function bidiClassOf(word: string): BidiClass {
  for (const character of word) {
    if (rightToLeft.test(character)) return 'rtl';
    if (leftToRight.test(character)) return 'ltr';
  }
  return /\d/.test(word) ? 'number' : null;
}

/** Returns the direction of a text by its first letter; without letters, that of the page. */
export function directionOf(text: string, page: Direction): Direction {
  const bidiClass = bidiClassOf(text);
  return bidiClass === 'ltr' || bidiClass === 'rtl' ? bidiClass : page;
}

const opening = /^[([{<«"'“‘]+/u;
const closing = /[)\]}>»"'”’.,;:!?،؛؟…]+$/u;

/** Splits a text into words, the signs around them, and spaces. Brackets around a single word stay with it. */
function partsOf(line: string): string[] {
  return (line.match(/\s+|\S+/g) ?? []).flatMap((word) => {
    const before = opening.exec(word)?.[0] ?? '';
    const after = before === word ? '' : (closing.exec(word)?.[0] ?? '');
    const rest = word.slice(before.length, word.length - after.length);
    if (before === '' || !/^[)\]}>»]/.test(after)) return [before, rest, after].filter((part) => part !== '');
    return [before + rest + after.slice(0, before.length), after.slice(before.length)].filter((part) => part !== '');
  });
}

/** Returns the words, signs and spaces of a line in drawing order, from left to right. Brackets in right-to-left text are mirrored. */
export function visualParts(line: string, direction: Direction): string[] {
  const parts = partsOf(line);
  const levels = levelsOf(parts.map(bidiClassOf), direction);
  const order = parts.map((_, i) => i);
  for (let level = Math.max(0, ...levels); level >= 1; level -= 1) reverseRuns(order, levels, level);
  return order.map((i) => {
    const part = parts[i] ?? '';
    return levels[i] === 1 && bidiClassOf(part) === null ? turned(part) : part;
  });
}

/**
 * Applies the Unicode bidirectional rules to whole words: levels 0 and 2 are left to right, 1 is right to left. A sign takes the direction of its
 * neighbours if they agree, otherwise that of the line. In a right-to-left line, a number and the unit after it stay together.
 */
function levelsOf(classes: readonly BidiClass[], direction: Direction): number[] {
  let before: Direction = direction;
  const strong = classes.map((bidiClass): Direction | null => {
    if (bidiClass === 'ltr' || bidiClass === 'rtl') before = bidiClass;
    if (bidiClass === 'number') return direction === 'rtl' ? 'ltr' : before;
    return bidiClass;
  });
  return classes.map((bidiClass, i) => {
    const next = strong.slice(i).find((one) => one !== null) ?? direction;
    const last = strong.slice(0, i).findLast((one) => one !== null) ?? direction;
    const own = strong[i] ?? (next === last ? next : direction);
    if (direction === 'rtl') return own === 'rtl' ? 1 : 2;
    return own === 'ltr' ? 0 : bidiClass === 'number' ? 2 : 1;
  });
}

const turned = (part: string): string =>
  [...part]
    .reverse()
    .map((character) => mirrored[character] ?? character)
    .join('');

/** Reverses every run of at least a level. */
function reverseRuns(order: number[], levels: readonly number[], level: number): void {
  const levelAt = (i: number): number => levels[order[i] ?? 0] ?? 0;
  for (let i = 0; i < order.length; i += 1) {
    let end = i;
    while (end < order.length && levelAt(end) >= level) end += 1;
    if (end > i) order.splice(i, end - i, ...order.slice(i, end).reverse());
    i = end;
  }
}
