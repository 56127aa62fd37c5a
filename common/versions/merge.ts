import { bodyOf, identityOf, isOpened, type Plain, plain, same } from './shape.ts';

/** A field that both sides changed differently. */
export interface Clash {
  /** As in a `Change`; if one side removed an entry that the other changed, the path of the entry. */
  path: readonly string[];
  base: unknown;
  mine: unknown;
  theirs: unknown;
}

export interface Merge<T> {
  /** Both sides' changes; for clashes, those of the preferred side. */
  merged: T;
  clashes: Clash[];
}

/**
 * Merges two changes to the same document. Panels are matched by id, variables by name; their fields, the fields of a panel's own drawing
 * and those of the document are merged one by one. A change by one side is applied; the same change by both sides is applied once;
 * different ones clash. Nothing is lost: every change is in `merged` or in `clashes`.
 *
 * Entries have the order of the side that changed it (theirs if both did); additions by the other side follow the same entry as there.
 * @param base the version that both started from
 */
export function mergeDocuments<T extends object>(base: T, mine: T, theirs: T, prefer: 'mine' | 'theirs' = 'theirs'): Merge<T> {
  const clashes: Clash[] = [];
  const merger = new Merger(prefer, clashes);
  const merged = merger.objects(bodyOf(base), bodyOf(mine), bodyOf(theirs), []);
  return { merged: merged as T, clashes };
}

class Merger {
  readonly #prefer: 'mine' | 'theirs';
  readonly #clashes: Clash[];

  constructor(prefer: 'mine' | 'theirs', clashes: Clash[]) {
    this.#prefer = prefer;
    this.#clashes = clashes;
  }

  objects(base: Plain, mine: Plain, theirs: Plain, path: readonly string[]): Plain {
    const names = new Set([...Object.keys(theirs), ...Object.keys(mine)]);
    const fields = [...names].map((name) => [name, this.#values(base[name], mine[name], theirs[name], [...path, name])] as const);
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }

  #values(base: unknown, mine: unknown, theirs: unknown, path: readonly string[]): unknown {
    if (same(mine, theirs) || same(base, mine)) return theirs;
    if (same(base, theirs)) return mine;
    const identity = identityOf(path);
    if (identity !== null && Array.isArray(mine) && Array.isArray(theirs)) {
      return this.#lists(Array.isArray(base) ? base : [], mine, theirs, identity, path);
    }
    const [from, left, right] = [plain(base), plain(mine), plain(theirs)];
    if (from && left && right && isOpened(path)) return this.objects(from, left, right, path);
    return this.#clash({ path, base, mine, theirs });
  }

  #lists(
    base: readonly unknown[],
    mine: readonly unknown[],
    theirs: readonly unknown[],
    identity: string,
    path: readonly string[],
  ): unknown[] {
    const byId = (list: readonly unknown[]) => new Map(list.map((entry) => [String(plain(entry)?.[identity]), entry]));
    const [was, left, right] = [byId(base), byId(mine), byId(theirs)];
    return mergedOrder([...was.keys()], [...left.keys()], [...right.keys()]).flatMap((id) => {
      const entry = this.#entry(was.get(id), left.get(id), right.get(id), [...path, id]);
      return entry === undefined ? [] : [entry];
    });
  }

  #entry(base: unknown, mine: unknown, theirs: unknown, path: readonly string[]): unknown {
    const [from, left, right] = [plain(base), plain(mine), plain(theirs)];
    if (!from || !left || !right) return this.#values(base, mine, theirs, path);
    if (same(from['kind'], left['kind']) && same(from['kind'], right['kind'])) return this.objects(from, left, right, path);
    // Panels of different kinds have different fields, so only a panel's place is merged separately from the rest.
    const [wasRest, leftRest, rightRest] = [withoutPlace(from), withoutPlace(left), withoutPlace(right)];
    const rest = plain(this.#values(wasRest, leftRest, rightRest, path)) ?? {};
    const place = this.#values(from['place'], left['place'], right['place'], [...path, 'place']);
    return place === undefined ? rest : { ...rest, place };
  }

  #clash(clash: Clash): unknown {
    this.#clashes.push(clash);
    return clash[this.#prefer];
  }
}

function withoutPlace(entry: Plain): Plain {
  const { place: _, ...rest } = entry;
  return rest;
}

function mergedOrder(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  const inAll = new Set(base.filter((id) => mine.includes(id) && theirs.includes(id)));
  const common = (ids: readonly string[]) => ids.filter((id) => inAll.has(id));
  const [order, other] = same(common(base), common(theirs)) ? [[...mine], theirs] : [[...theirs], mine];
  for (const [i, id] of other.entries()) {
    if (order.includes(id)) continue;
    const before = i === 0 ? -1 : order.indexOf(other[i - 1] ?? '');
    order.splice(before + 1, 0, id);
  }
  return order;
}
