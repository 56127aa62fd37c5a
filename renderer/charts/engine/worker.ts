import type { FrameAsk, FromWorker, ToWorker } from './protocol.ts';
import { Store } from './store.ts';

/** The part of a worker's global scope this one uses. */
interface Scope {
  onmessage: ((event: { data: ToWorker }) => void) | null;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
const store = new Store();

function answer(asks: readonly FrameAsk[], coarse: boolean): void {
  const answers = asks.map((ask) => store.answer(ask, coarse));
  const transfer = answers.flatMap(({ parts }) => parts.map(({ data }) => data.buffer));
  scope.postMessage({ type: 'frames', answers }, transfer);
}

scope.onmessage = ({ data: message }) => {
  switch (message.type) {
    case 'put':
      return store.put(message.plot, message.id, message.column);
    case 'append':
      return store.append(message.plot, message.id, message.t, message.v);
    case 'drop':
      return store.drop(message.plot, message.id);
    case 'frames': {
      const cold = message.asks.filter(
        (ask) => store.isCold(ask) && ask.kind !== 'heatmap' && ask.stack === 'none' && ask.scale === 'linear',
      );
      if (cold.length > 0) answer(cold, true);
      return answer(message.asks, false);
    }
    case 'read':
      return scope.postMessage(
        { type: 'read', call: message.call, rows: store.read(message.plot, message.ids, message.at, message.within) },
        [],
      );
    case 'bytes':
      return scope.postMessage({ type: 'bytes', call: message.call, bytes: store.bytes }, []);
  }
};
