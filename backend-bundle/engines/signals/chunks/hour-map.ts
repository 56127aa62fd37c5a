import { dayMs } from '#common/time/durations.ts';

/** Hours are kept in blocks of this length, ms, so that reading a range visits few hours outside it. */
const blockMs = 32 * dayMs;
const blockOf = (hour: number) => Math.floor(hour / blockMs) * blockMs;

/**
 * A map from the start of an hour (epoch ms) to a value, in order of time. Adding, finding and deleting take constant time. Reading a range
 * takes time in proportion to the hours in it, however many others there are.
 */
export class HourMap<V> {
  readonly #blocks = new Map<number, Map<number, V>>();
  /** Starts of the blocks, ascending; null after a block was added or removed, until the order is needed. */
  #order: number[] | null = [];

  get isEmpty(): boolean {
    return this.#blocks.size === 0;
  }

  get(hour: number): V | undefined {
    return this.#blocks.get(blockOf(hour))?.get(hour);
  }

  set(hour: number, value: V): void {
    const start = blockOf(hour);
    let block = this.#blocks.get(start);
    if (block === undefined) {
      block = new Map();
      this.#blocks.set(start, block);
      this.#order = null;
    }
    block.set(hour, value);
  }

  delete(hour: number): void {
    const start = blockOf(hour);
    const block = this.#blocks.get(start);
    if (!block?.delete(hour) || block.size > 0) return;
    this.#blocks.delete(start);
    this.#order = null;
  }

  /** Returns the entries whose hours start in [from, to), ascending. @param limit returns no more than this many */
  within(from: number, to: number, limit = Infinity): [hour: number, value: V][] {
    const found: [hour: number, value: V][] = [];
    for (const start of this.#starts()) {
      if (start >= to || found.length >= limit) break;
      if (start <= from - blockMs) continue;
      const before = found.length;
      let isAscending = true;
      for (const entry of this.#blocks.get(start) as Map<number, V>) {
        const [hour] = entry;
        if (hour < from || hour >= to) continue;
        isAscending &&= found.length === before || hour > (found[found.length - 1] as [number, V])[0];
        found.push(entry);
      }
      if (!isAscending) found.push(...found.splice(before).sort(([a], [b]) => a - b));
    }
    return found.length > limit ? found.slice(0, limit) : found;
  }

  first(): V | undefined {
    const [start] = this.#starts();
    return start === undefined ? undefined : this.within(start, start + blockMs)[0]?.[1];
  }

  last(): V | undefined {
    const start = this.#starts().at(-1);
    return start === undefined ? undefined : this.within(start, start + blockMs).at(-1)?.[1];
  }

  #starts(): readonly number[] {
    this.#order ??= [...this.#blocks.keys()].sort((a, b) => a - b);
    return this.#order;
  }
}
