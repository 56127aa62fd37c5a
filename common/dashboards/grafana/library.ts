import { fieldOf, isObject, type JsonObject, textIn } from './json.ts';
import type { Losses } from './losses.ts';

/** Models of library panels by uid, as `__elements` of a shared file holds them. */
export type Elements = ReadonlyMap<string, JsonObject>;

export function elementsOf(model: JsonObject): Elements {
  const held = fieldOf(model, '__elements');
  const all = Array.isArray(held) ? held.map((one) => ['', one] as const) : isObject(held) ? Object.entries(held) : [];
  return new Map(
    all.flatMap(([key, one]) => {
      const inner = fieldOf(one, 'model');
      const uid = textIn(one, 'uid') ?? key;
      return isObject(inner) && uid !== '' ? [[uid, inner] as const] : [];
    }),
  );
}

/**
 * Returns a panel with the model of the library panel that it refers to, keeping its own position and title.
 * @returns null if the file lacks it, which is reported as a loss
 */
export function withLibraryModel(panel: JsonObject, where: string, elements: Elements, losses: Losses): JsonObject | null {
  const seen = new Set<string>();
  let current = panel;
  for (;;) {
    const reference = fieldOf(current, 'libraryPanel');
    if (!isObject(reference)) break;
    const uid = textIn(reference, 'uid') ?? '';
    const name = textIn(reference, 'name') ?? uid;
    const { libraryPanel: _, ...own } = current;
    const inner = fieldOf(reference, 'model');
    const found = isObject(inner) ? inner : elements.get(uid);
    if (found === undefined || seen.has(uid)) {
      // Grafana before version 9 wrote the model into the panel itself.
      if (Array.isArray(fieldOf(own, 'targets')) || isObject(fieldOf(own, 'options'))) {
        current = own;
        break;
      }
      losses.addPanel(where, seen.has(uid) ? 'library_cycle' : 'library_missing', { name });
      return null;
    }
    seen.add(uid);
    // A library panel's model refers to itself.
    const itself = textIn(fieldOf(found, 'libraryPanel'), 'uid') === uid;
    const { libraryPanel: further, ...model } = found;
    current = { ...model, ...(itself || further === undefined ? {} : { libraryPanel: further }) };
  }
  const kept = ['id', 'gridPos', 'span'].filter((name) => fieldOf(panel, name) != null);
  const title = textIn(panel, 'title') || textIn(current, 'title');
  return { ...current, ...Object.fromEntries(kept.map((name) => [name, panel[name]])), ...(title ? { title } : {}) };
}
