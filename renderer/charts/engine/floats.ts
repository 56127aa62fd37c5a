/** A growable list of 32-bit floats. */
export class Floats {
  #data: Float32Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 4_096) {
    this.#data = new Float32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push2(a: number, b: number): void {
    this.#room(2);
    this.#data[this.#length++] = a;
    this.#data[this.#length++] = b;
  }

  push3(a: number, b: number, c: number): void {
    this.#room(3);
    this.#data[this.#length++] = a;
    this.#data[this.#length++] = b;
    this.#data[this.#length++] = c;
  }

  push4(a: number, b: number, c: number, d: number): void {
    this.#room(4);
    this.#data[this.#length++] = a;
    this.#data[this.#length++] = b;
    this.#data[this.#length++] = c;
    this.#data[this.#length++] = d;
  }

  /** Returns the pushed numbers as an array of their own. */
  take(): Float32Array<ArrayBuffer> {
    const taken = this.#data.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #room(more: number): void {
    if (this.#length + more <= this.#data.length) return;
    const grown = new Float32Array(this.#data.length * 2);
    grown.set(this.#data);
    this.#data = grown;
  }
}
