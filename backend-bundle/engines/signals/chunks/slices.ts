/**
 * Work that yields now and then, so that its driver can do other work in between or cancel it. State kept across a yield must allow for
 * changes to the store.
 */
export type Sliced<T> = Generator<undefined, T, undefined>;

/** Runs the work to its end, ignoring its yields. */
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

/** Duration of a slice, ms: long enough that switching costs nothing, short enough that a waiting write is not noticeably delayed. */
const sliceMs = 10;

/** Runs several tasks in turns, a slice each, handling messages in between. */
export class Slices {
  readonly #tasks: Task[] = [];
  #isWaiting = false;

  /** Returns whether no task is running. */
  get isEmpty(): boolean {
    return this.#tasks.length === 0;
  }

  /** @param late creates the error of a task that is past its deadline */
  start(task: Task): void {
    this.#tasks.push(task);
    // The first slice runs at once: most tasks end in it.
    if (this.#tasks.length === 1) this.#slice();
    else this.#next();
  }

  /** Cancels a task; its `end` is not called. */
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
