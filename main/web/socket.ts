import type { IncomingMessage, Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { type WebSocket, WebSocketServer } from 'ws';
import { encodeFrame } from '#common/contract/console/codec.ts';
import { aliveEveryMs, type ToRenderer } from '#common/contract/console/rpc.ts';
import type { RpcChannel, RpcServer } from '#core/rpc/server.ts';

/** Largest frame a renderer may send, bytes. */
const maxFrame = 12 * 1024 * 1024;
/** A renderer that hasn't received a piece of a series for this long is considered gone, ms. */
const stalledAfterMs = 30_000;

export interface SocketOptions {
  server: Server | TlsServer;
  rpc: RpcServer;
  /** Returns why a browser may not open the RPC, or null if it may. */
  refuse(request: Pick<IncomingMessage, 'url' | 'headers'>): 'not_found' | 'foreign' | 'signed_out' | null;
}

const refusals = { not_found: '404 Not Found', foreign: '403 Forbidden', signed_out: '401 Unauthorized' };

/** Serves the RPC on WebSockets at `/rpc`. @returns a function that closes them all */
export function serveSockets({ server, rpc, refuse }: SocketOptions): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrame });
  const beat = setInterval(() => {
    for (const socket of sockets.clients) if (socket.readyState === socket.OPEN) socket.send(alive);
  }, aliveEveryMs);
  server.on('upgrade', (request, socket, head) => {
    const refusal = refuse(request);
    if (refusal !== null) {
      socket.end(`HTTP/1.1 ${refusals[refusal]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => rpc.attach(channelOver(opened)));
  });
  return () => {
    clearInterval(beat);
    for (const socket of sockets.clients) socket.close(1001, 'The console is closing.');
    // Clients that don't answer the close are disconnected.
    setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate();
    }, 500).unref();
  };
}

const alive = JSON.stringify({ kind: 'alive' } satisfies ToRenderer);

function channelOver(socket: WebSocket): RpcChannel {
  // A broken or oversized frame closes the socket; the close is what counts.
  socket.on('error', () => {});
  const columns = new Columns(socket);
  return {
    send(frame) {
      if (socket.readyState !== socket.OPEN) return;
      const encoded = encodeFrame(frame);
      if ('text' in encoded) socket.send(encoded.text);
      else columns.send(encoded);
    },
    // Columns aren't counted: they were requested, and are sent as fast as the renderer receives them.
    backlog: () => socket.bufferedAmount,
    close: (reason) => socket.close(1013, reason),
    onClose: (listener) => socket.on('close', listener),
    onMessage: (listener) =>
      socket.on('message', (data, isBinary) => {
        if (!isBinary) listener(parse(data.toString()));
      }),
  };
}

type Bulk = Exclude<ReturnType<typeof encodeFrame>, { text: string }>;

/** Sends frames with columns one after the other, each piece when the one before has been sent, so that they take little memory and don't block the event loop. */
class Columns {
  readonly #socket: WebSocket;
  readonly #waiting: Bulk[] = [];
  #running = false;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  send(frame: Bulk): void {
    this.#waiting.push(frame);
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let frame = this.#waiting.shift(); frame; frame = this.#waiting.shift()) {
      let open = await this.#leave(frame.head);
      for (const piece of frame.pieces) {
        if (!open) break;
        open = await this.#leave(piece);
      }
    }
    this.#running = false;
  }

  /** @returns false when the socket has closed */
  #leave(bytes: Uint8Array): Promise<boolean> {
    if (this.#socket.readyState !== this.#socket.OPEN) return Promise.resolve(false);
    return new Promise((resolve) => {
      const stalled = setTimeout(() => this.#socket.terminate(), stalledAfterMs);
      this.#socket.send(bytes, { binary: true }, (error) => {
        clearTimeout(stalled);
        resolve(!error);
      });
    });
  }
}

/** Invalid JSON becomes a frame that the server refuses. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
