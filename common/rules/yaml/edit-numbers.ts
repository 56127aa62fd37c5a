import { isScalar, parseDocument } from 'yaml';
import type { RuleInput } from '../../contract/rules.ts';
import { toFile } from './fields.ts';
import type { Path } from './source.ts';

/** A number that differs between two rules, and where it is in the file. */
interface ChangedNumber {
  path: Path;
  value: number;
}

/**
 * Writes the changed numbers of a rule, such as a threshold that was dragged, into its text. All else stays as it is: comments, blank lines,
 * quotes and the order of the fields.
 * @param text holds the rule `before` and no other
 * @returns null if more than numbers changed, or one of them isn't in the text
 */
export function editNumbers(text: string, before: RuleInput, after: RuleInput): string | null {
  const changed = changedNumbers(toFile(before), toFile(after), []);
  const document = parseDocument(text, { logLevel: 'silent' });
  if (changed === null || document.errors.length > 0) return null;
  const base: Path = document.has('rules') ? ['rules', 0] : [];
  const places = changed.map(({ path, value }) => {
    const node: unknown = document.getIn([...base, ...path], true);
    return isScalar(node) && typeof node.value === 'number' && node.range ? { from: node.range[0], to: node.range[1], value } : null;
  });
  let edited = text;
  // From the end, so that the places before it stay where they are.
  for (const place of places.sort((a, b) => (b?.from ?? 0) - (a?.from ?? 0))) {
    if (place === null) return null;
    edited = `${edited.slice(0, place.from)}${place.value}${edited.slice(place.to)}`;
  }
  return edited;
}

/** Returns null if something else than numbers differs. */
function changedNumbers(before: unknown, after: unknown, path: Path): ChangedNumber[] | null {
  if (Object.is(before, after)) return [];
  if (typeof before === 'number' && typeof after === 'number') return Number.isFinite(after) ? [{ path, value: after }] : null;
  if (!isGroup(before) || !isGroup(after) || Array.isArray(before) !== Array.isArray(after)) return null;
  const names = Object.keys(before);
  if (names.length !== Object.keys(after).length || names.some((name) => !Object.hasOwn(after, name))) return null;
  const found: ChangedNumber[] = [];
  for (const name of names) {
    const inner = changedNumbers(before[name], after[name], [...path, Array.isArray(before) ? Number(name) : name]);
    if (inner === null) return null;
    found.push(...inner);
  }
  return found;
}

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
