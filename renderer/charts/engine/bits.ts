/** A growable set of small integers, one bit each, with a summary level: runs of absent integers are skipped 1,024 at a time. */
export class Bits {
  #words = new Uint32Array(32);
  #summary = new Uint32Array(1);

  get bytes(): number {
    return this.#words.byteLength + this.#summary.byteLength;
  }

  add(index: number): void {
    const word = index >>> 5;
    if (word >= this.#words.length) this.#grow(word + 1);
    this.#words[word] = (this.#words[word] as number) | (1 << (index & 31));
    this.#summary[word >>> 5] = (this.#summary[word >>> 5] as number) | (1 << (word & 31));
  }

  has(index: number): boolean {
    return (((this.#words[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
  }

  /** Returns the smallest member at or after `index`; Infinity if there is none. */
  next(index: number): number {
    let word = index >>> 5;
    if (word >= this.#words.length) return Infinity;
    const here = ((this.#words[word] as number) >>> (index & 31)) << (index & 31);
    if (here !== 0) return word * 32 + lowest(here);
    word += 1;
    let group = word >>> 5;
    if (group >= this.#summary.length) return Infinity;
    let marks = ((this.#summary[group] as number) >>> (word & 31)) << (word & 31);
    while (marks === 0) {
      group += 1;
      if (group >= this.#summary.length) return Infinity;
      marks = this.#summary[group] as number;
    }
    word = group * 32 + lowest(marks);
    return word * 32 + lowest(this.#words[word] as number);
  }

  /** Removes every member at or after `index`. */
  cut(index: number): void {
    for (let at = this.next(index); at !== Infinity; at = this.next(at + 1)) {
      const word = at >>> 5;
      this.#words[word] = (this.#words[word] as number) & ~(1 << (at & 31));
    }
    for (let word = index >>> 5; word < this.#words.length; word++) {
      if (this.#words[word] === 0) this.#summary[word >>> 5] = (this.#summary[word >>> 5] as number) & ~(1 << (word & 31));
    }
  }

  #grow(words: number): void {
    const length = Math.ceil(Math.max(words, this.#words.length * 1.25) / 32) * 32;
    const grown = new Uint32Array(length);
    grown.set(this.#words);
    const summary = new Uint32Array(length / 32);
    summary.set(this.#summary);
    this.#words = grown;
    this.#summary = summary;
  }
}

/** Index of the lowest set bit of a non-zero word. */
const lowest = (word: number): number => 31 - Math.clz32(word & -word);
