import type { FrameAsk, FromWorker, ToWorker } from './protocol.ts';
import { rehearse } from './rehearse.ts';
import { Store } from './store.ts';
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

function answer(asks: readonly FrameAsk[], coarse: boolean): void {
  let answers: ReturnType<Store['answer']>[] = [];
  let begun = performance.now();
  const send = (last: boolean) => {
    const transfer = answers.flatMap(({ parts }) => parts.map(({ data }) => data.buffer));
    scope.postMessage({ type: 'frames', answers, last }, transfer);
    answers = [];
    begun = performance.now();
  };
  for (const ask of asks) {
    guarded(ask.plot, () => answers.push(store.answer(ask, coarse)));
    if (performance.now() - begun > sliceMs) send(false);
  }
  send(!coarse);
}

function frames(asks: readonly FrameAsk[]): void {
  const cold = asks.filter((ask) => store.isCold(ask) && ask.kind !== 'heatmap' && ask.stack === 'none' && ask.scale === 'linear');
  if (cold.length > 0) answer(cold, true);
  answer(asks, false);
}

scope.onmessage = ({ data: message }) => {
  switch (message.type) {
    case 'live':
      void holdLife(message.life).then(() => scope.postMessage({ type: 'live', life: message.life }, []));
      return;
    case 'rehearse':
      return rehearse();
    case 'put':
      return guarded(message.plot, () => store.put(message.plot, message.id, message.column));
    case 'append':
      return guarded(message.plot, () => store.append(message.plot, message.id, message.t, message.v, message.from));
    case 'drop':
      return store.drop(message.plot, message.id);
    case 'frames':
      return frames(message.asks);
    case 'read':
      return scope.postMessage(
        { type: 'read', call: message.call, rows: store.read(message.plot, message.ids, message.at, message.within) },
        [],
      );
    case 'bytes':
      return scope.postMessage({ type: 'bytes', call: message.call, bytes: store.bytes }, []);
  }
};
// A message that can't be read loses points. The page is told as of any other error, and restarts.
scope.onmessageerror = () => {
  throw new Error('a message of the page could not be read');
};
