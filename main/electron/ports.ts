import type { MessagePortMain, WebFrameMain } from 'electron';
import { bridgeChannels } from '#common/contract/console/bridge.ts';
import type { RpcChannel, RpcServer } from '#core/rpc/server.ts';
import type { DesktopApi, DesktopPort } from './api.ts';
import { isOwn } from './origin.ts';

type Frame = Pick<WebFrameMain, 'parent' | 'postMessage' | 'url'>;

/** Gives the console's own page a port to the core when it asks. Pages that ask before the core is up get theirs then. */
export class Ports {
  readonly #api: Pick<DesktopApi, 'MessageChannelMain'>;
  #rpc: RpcServer | null = null;
  #waiting: Frame[] = [];
  #given: RpcChannel[] = [];

  constructor(api: Pick<DesktopApi, 'ipcMain' | 'MessageChannelMain'>) {
    this.#api = api;
    api.ipcMain.on(bridgeChannels.askForPort, ({ senderFrame }) => {
      // A frame within the page, or a page from elsewhere, is no part of the console.
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

  /** The page that was served is being left: what it listened to counts no more, even before its ports are found closed. */
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
    // The page has gone meanwhile; its successor asks for itself.
    port.close();
  }
}

/**
 * Columns are cloned here, not handed over. `MessagePortMain` takes other ports alone to transfer, also in Electron 45 (electron/electron#34905
 * asks for buffers), and between two processes the bytes would be copied either way. Nor can shared memory go through it: a
 * SharedArrayBuffer cannot be cloned to another process. What remains is to send each column once, as it lies in memory.
 */
function channelOver(port: DesktopPort): RpcChannel {
  let closed: (() => void) | undefined;
  return {
    send: (frame) => port.postMessage(frame),
    close() {
      port.close();
      // A port tells of the other end's closing alone.
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
