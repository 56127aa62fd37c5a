/**
 * Work that stops now and then, so that whoever drives it can look after others or give it up. What it holds across a stop must
 * bear that the store changes meanwhile.
 */
export type Sliced<T> = Generator<undefined, T, undefined>;

/** Runs it to its end without a stop. */
export function finish<T>(work: Sliced<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

interface Task {
  id: number;
  work: Sliced<unknown>;
  /** On the clock of `performance.now()`. */
  deadline: number;
  end(result: { value: unknown } | { error: unknown }): void;
  late(): unknown;
}

/** Long enough that changing over costs nothing, short enough that a write behind it is not noticed; ms. */
const sliceMs = 10;

/** Drives several works in turns, a slice each, leaving room for messages in between. */
export class Slices {
  readonly #tasks: Task[] = [];
  #isWaiting = false;

  /** Whether no work is under way. */
  get isEmpty(): boolean {
    return this.#tasks.length === 0;
  }

  /** @param late makes the error of a work that is past its deadline */
  start(task: Task): void {
    this.#tasks.push(task);
    // The first slice at once: most works end in it.
    if (this.#tasks.length === 1) this.#slice();
    else this.#next();
  }

  /** Gives a work up; its `end` is not called. */
  cancel(id: number): void {
    const at = this.#tasks.findIndex((task) => task.id === id);
    if (at >= 0) this.#tasks.splice(at, 1)[0]?.work.return(undefined as never);
  }

  #next(): void {
    if (this.#isWaiting || this.#tasks.length === 0) return;
    this.#isWaiting = true;
    setImmediate(() => {
      this.#isWaiting = false;
      this.#slice();
    });
  }

  #slice(): void {
    const task = this.#tasks.shift();
    if (!task) return;
    try {
      const until = performance.now() + sliceMs;
      for (;;) {
        const { done, value } = task.work.next();
        if (done) {
          task.end({ value });
          break;
        }
        const now = performance.now();
        if (now > task.deadline) throw task.late();
        if (now < until) continue;
        this.#tasks.push(task);
        break;
      }
    } catch (error) {
      task.end({ error });
    }
    this.#next();
  }
}
