import type { ConsoleBridge } from '#common/contract/console/bridge.ts';
import type { ConsoleClient } from '#common/contract/console/index.ts';
import { createRpc, type Rpc } from './rpc.ts';
import { overMessagePort } from './rpc-port.ts';
import { overSocket } from './rpc-socket.ts';

declare global {
  interface Window {
    /** Left by the desktop host's preload; absent in a browser. */
    readonly watchfloor?: ConsoleBridge;
  }
}

let rpc: Rpc | null = null;

/** The window's one link to its core: over the desktop host's port when there is one, else over `/rpc` of the browser host. */
function theLink(): Rpc {
  rpc ??= createRpc(
    window.watchfloor
      ? overMessagePort(window.watchfloor)
      : overSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`),
  );
  return rpc;
}

/** Resolves when the core first answers. From then on the client stays good: the link is renewed by itself. */
export async function connectConsole(): Promise<ConsoleClient> {
  const { ready, console } = theLink();
  await ready;
  return console;
}

/** Tells whether the window reaches its core: the present state at once, then every change. Returns the way to stop. */
export function onLink(listener: (state: 'open' | 'closed') => void): () => void {
  return theLink().onLink(listener);
}
