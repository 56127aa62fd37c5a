import type { FrameRequest, FromWorker, ToWorker } from './protocol.ts';
import { Store } from './store.ts';
import { warmUp } from './warm-up.ts';
import { holdLife } from './watch.ts';

/** The part of a worker's global scope used here. */
interface Scope {
  onmessage: ((event: { data: ToWorker }) => void) | null;
  onmessageerror: (() => void) | null;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
const store = new Store();

/** An error of one plot is reported to that plot; the others continue. */
function guarded(plot: number, work: () => void): void {
  try {
    work();
  } catch (error) {
    scope.postMessage({ type: 'failed', plot, reason: error instanceof Error ? error.message : String(error) }, []);
  }
}

/** Answers are sent once this much time went into them, ms, so that the page can draw some while the rest is computed. */
const sliceMs = 1000;

function answer(requests: readonly FrameRequest[], coarse: boolean): void {
  let answers: ReturnType<Store['answer']>[] = [];
  let begun = performance.now();
  const send = (last: boolean) => {
    const transfer = answers.flatMap(({ parts }) => parts.map(({ data }) => data.buffer));
    scope.postMessage({ type: 'frames', answers, last }, transfer);
    answers = [];
    begun = performance.now();
  };
  for (const request of requests) {
    guarded(request.plot, () => answers.push(store.answer(request, coarse)));
    if (performance.now() - begun > sliceMs) send(false);
  }
  send(!coarse);
}

function frames(requests: readonly FrameRequest[]): void {
  const cold = requests.filter(
    (request) => store.isCold(request) && request.kind !== 'heatmap' && request.stack === 'none' && request.scale === 'linear',
  );
  if (cold.length > 0) answer(cold, true);
  answer(requests, false);
}

scope.onmessage = ({ data: message }) => {
  switch (message.type) {
    case 'live':
      void holdLife(message.life).then(() => scope.postMessage({ type: 'live', life: message.life }, []));
      return;
    case 'warm-up':
      return warmUp();
    case 'put':
      return guarded(message.plot, () => store.put(message.plot, message.id, message.column));
    case 'append':
      return guarded(message.plot, () => store.append(message.plot, message.id, message.t, message.v, message.from));
    case 'drop':
      return store.drop(message.plot, message.id);
    case 'frames':
      return frames(message.requests);
    case 'read':
      return scope.postMessage(
        { type: 'read', call: message.call, rows: store.read(message.plot, message.ids, message.at, message.within) },
        [],
      );
    case 'bytes':
      return scope.postMessage({ type: 'bytes', call: message.call, bytes: store.bytes }, []);
  }
};
// A message that can't be read loses points. The page is notified, as of any other error, and restarts it.
scope.onmessageerror = () => {
  throw new Error('a message of the page could not be read');
};
