import type { FrameAnswer, FrameRequest } from './protocol.ts';

interface Waiter<T> {
  seq: number;
  exact: boolean;
  done: (drawn: T) => void;
  fail: (error: Error) => void;
}

/** Callers that wait for a picture on screen. */
export class Waiters<T> {
  #waiting: Waiter<T>[] = [];

  /** Resolves with the first picture of question `seq` or a later one; with `exact`, only with an exact one. */
  wait(seq: number, exact: boolean): Promise<T> {
    return new Promise((done, fail) => {
      this.#waiting.push({ seq, exact, done, fail });
    });
  }

  settle(answer: FrameAnswer, drawn: T): void {
    const isReady = (one: Waiter<T>) => one.seq <= answer.seq && (answer.exact || !one.exact);
    const ready = this.#waiting.filter(isReady);
    this.#waiting = this.#waiting.filter((one) => !isReady(one));
    for (const { done } of ready) done(drawn);
  }

  fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { fail } of waiting) fail(error);
  }
}

interface Snapshot {
  request: FrameRequest;
  done: (answer: FrameAnswer) => void;
  fail: (error: Error) => void;
}

/** Pictures that are not for the screen. Their numbers are negative and never reused, so that each answer finds its caller. */
export class Snapshots {
  readonly #open = new Map<number, Snapshot>();
  #last = 0;

  /** Asks for a picture. @param send passes the question to the worker that holds the points */
  ask(question: Omit<FrameRequest, 'seq'>, send: (request: FrameRequest) => void): Promise<FrameAnswer> {
    return new Promise((done, fail) => {
      this.#last -= 1;
      const request = { ...question, seq: this.#last };
      this.#open.set(request.seq, { request, done, fail });
      send(request);
    });
  }

  /** Returns true if an answer belongs to one of these pictures. */
  receive(answer: FrameAnswer): boolean {
    const snapshot = this.#open.get(answer.seq);
    if (snapshot && answer.exact) {
      this.#open.delete(answer.seq);
      snapshot.done(answer);
    }
    return answer.seq < 0;
  }

  /** Sends all unanswered questions again. */
  again(send: (request: FrameRequest) => void): void {
    for (const { request } of this.#open.values()) send(request);
  }

  fail(error: Error): void {
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const { fail } of open) fail(error);
  }
}
