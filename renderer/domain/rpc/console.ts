import type { ConsoleBridge } from '#common/contract/console/bridge.ts';
import { Rpc } from './rpc.ts';
import { overMessagePort } from './rpc-port.ts';
import { overSocket } from './rpc-socket.ts';

declare global {
  interface Window {
    /** Set by the desktop host's preload; absent in a browser. */
    readonly watchfloor?: ConsoleBridge;
  }
}

/**
 * Opens the window's only connection to its core: over the desktop host's port if there is one, otherwise over `/rpc` of the browser host.
 */
export function openConsole(): Rpc {
  return new Rpc(
    window.watchfloor
      ? overMessagePort(window.watchfloor)
      : overSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`),
  );
}
