import type { MessagePortMain, WebFrameMain } from 'electron';
import { bridgeChannels } from '#common/contract/console/bridge.ts';
import type { RpcChannel, RpcServer } from '#core/rpc/server.ts';
import type { DesktopApi, DesktopPort } from './api.ts';
import { isOwn } from './origin.ts';

type Frame = Pick<WebFrameMain, 'parent' | 'postMessage' | 'url'>;

/** Gives the console's own page a port to the core on request. Pages that ask before the core is ready get theirs then. */
export class Ports {
  readonly #api: Pick<DesktopApi, 'MessageChannelMain'>;
  #rpc: RpcServer | null = null;
  #waiting: Frame[] = [];
  #given: RpcChannel[] = [];

  constructor(api: Pick<DesktopApi, 'ipcMain' | 'MessageChannelMain'>) {
    this.#api = api;
    api.ipcMain.on(bridgeChannels.askForPort, ({ senderFrame }) => {
      // A frame in the page, or a page from elsewhere, is not part of the console.
      if (senderFrame === null || senderFrame.parent !== null || !isOwn(senderFrame.url)) return;
      if (this.#rpc) this.#give(senderFrame, this.#rpc);
      else this.#waiting.push(senderFrame);
    });
  }

  serve(rpc: RpcServer): void {
    this.#rpc = rpc;
    for (const frame of this.#waiting) this.#give(frame, rpc);
    this.#waiting = [];
  }

  /** Called when the page navigates away: its subscriptions end, even before its ports are known to be closed. */
  leave(): void {
    for (const channel of this.#given) channel.close('The page is being left.');
    this.#given = [];
  }

  #give(frame: Frame, rpc: RpcServer): void {
    const { port1, port2 } = new this.#api.MessageChannelMain();
    const channel = channelOver(port1);
    this.#given.push(channel);
    rpc.attach(channel);
    send(frame, port2);
  }
}

function send(frame: Frame, port: MessagePortMain): void {
  try {
    frame.postMessage(bridgeChannels.port, null, [port]);
  } catch {
    // The page has gone in the meantime; the next page requests its own port.
    port.close();
  }
}

/**
 * Columns are cloned here, not transferred: `MessagePortMain` can only transfer ports, also in Electron 45 (electron/electron#34905 asks
 * for buffers), and between two processes the bytes would be copied anyway. A SharedArrayBuffer cannot be cloned to another process either.
 * So each column is sent once, as it is in memory.
 */
function channelOver(port: DesktopPort): RpcChannel {
  let closed: (() => void) | undefined;
  return {
    send: (frame) => port.postMessage(frame),
    close() {
      port.close();
      // A port only reports when the other end closes.
      closed?.();
    },
    onMessage(listener) {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClose(listener) {
      closed = listener;
      port.on('close', listener);
    },
  };
}
