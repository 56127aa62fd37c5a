import { type ConsoleBridge, portMessage } from '#common/contract/console/bridge.ts';
import type { ToRenderer } from '#common/contract/console/rpc.ts';
import type { OpenPort } from './port.ts';

/** Time limit for the desktop host to provide a port, ms. */
const timeoutMs = 5_000;

/** Opens the RPC over a MessagePort from the desktop host's preload. */
export function overMessagePort(bridge: ConsoleBridge): OpenPort {
  return async (events) => {
    const port = await receivePort(bridge);
    let over = false;
    const end = (reason: string) => {
      if (over) return;
      over = true;
      port.close();
      events.closed(reason);
    };
    port.addEventListener('message', ({ data }: MessageEvent<ToRenderer>) => events.message(data));
    port.addEventListener('close', () => end('The desktop host closed the link.'));
    port.start();
    return { send: (frame) => port.postMessage(frame), close: () => end('The link was closed.') };
  };
}

function receivePort(bridge: ConsoleBridge): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const listening = new AbortController();
    const timer = setTimeout(() => {
      listening.abort();
      reject(new Error('The desktop host gave no port.'));
    }, timeoutMs);
    const take = (event: MessageEvent) => {
      const port = event.ports[0];
      // Only this window's own preload can post with this source.
      if (event.source !== window || event.data !== portMessage || !port) return;
      clearTimeout(timer);
      listening.abort();
      resolve(port);
    };
    window.addEventListener('message', take, { signal: listening.signal });
    bridge.connect();
  });
}
