import type { IncomingMessage, Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { type WebSocket, WebSocketServer } from 'ws';
import { encodeFrame } from '#common/contract/console/codec.ts';
import { aliveEveryMs, type ToRenderer } from '#common/contract/console/rpc.ts';
import type { RpcChannel, RpcServer } from '#core/rpc/server.ts';

/** Largest frame a renderer may send, bytes. */
const maxFrame = 1024 * 1024;

export interface SocketOptions {
  server: Server | TlsServer;
  rpc: RpcServer;
  /** Says why a browser may not open the RPC, or null when it may. */
  refuse(request: Pick<IncomingMessage, 'url' | 'headers'>): 'not_found' | 'foreign' | 'signed_out' | null;
}

const refusals = { not_found: '404 Not Found', foreign: '403 Forbidden', signed_out: '401 Unauthorized' };

/** Serves the RPC on WebSockets at `/rpc`. @returns the way to end them all */
export function serveSockets({ server, rpc, refuse }: SocketOptions): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrame });
  const alive = setInterval(() => {
    for (const socket of sockets.clients) send(socket, { kind: 'alive' });
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
    clearInterval(alive);
    for (const socket of sockets.clients) socket.close(1001, 'The console is closing.');
    // Who does not answer the close is cut off.
    setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate();
    }, 500).unref();
  };
}

function channelOver(socket: WebSocket): RpcChannel {
  // A broken or oversized frame closes the socket; the close is what counts.
  socket.on('error', () => {});
  return {
    send: (frame) => send(socket, frame),
    backlog: () => socket.bufferedAmount,
    close: (reason) => socket.close(1013, reason),
    onClose: (listener) => socket.on('close', listener),
    onMessage: (listener) =>
      socket.on('message', (data, isBinary) => {
        if (!isBinary) listener(parse(data.toString()));
      }),
  };
}

function send(socket: WebSocket, frame: ToRenderer): void {
  if (socket.readyState === socket.OPEN) socket.send(encodeFrame(frame));
}

/** What is no JSON becomes a frame that the server refuses. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
