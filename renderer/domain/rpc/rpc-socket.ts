import { FrameReader } from '#common/contract/console/codec.ts';
import { aliveEveryMs, type ToRenderer } from '#common/contract/console/rpc.ts';
import type { OpenPort } from './port.ts';

/** Opens the RPC over a WebSocket. Three missed heartbeats close it: a dead network must not look like a quiet core. */
export function overSocket(url: string): OpenPort {
  return (events) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      socket.binaryType = 'arraybuffer';
      const reader = new FrameReader();
      let over = false;
      let timer: ReturnType<typeof setTimeout>;
      const end = (reason: string) => {
        if (over) return;
        over = true;
        clearTimeout(timer);
        socket.close();
        events.closed(reason);
        reject(new Error(reason));
      };
      const stillAlive = () => {
        clearTimeout(timer);
        timer = setTimeout(() => end('Nothing was heard from it for a while.'), 3 * aliveEveryMs);
      };
      stillAlive();
      socket.onopen = () => resolve({ send: (frame) => socket.send(JSON.stringify(frame)), close: () => end('The link was closed.') });
      socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
        if (over) return;
        stillAlive();
        let frame: ToRenderer | undefined;
        try {
          frame = reader.read(data) as ToRenderer | undefined;
        } catch {
          return end('It sent something that cannot be read.');
        }
        if (frame !== undefined) events.message(frame);
      };
      socket.onclose = ({ reason }) => end(reason || 'The connection was closed.');
    });
}
