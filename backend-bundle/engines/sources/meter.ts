import type { Duplex } from 'node:stream';

/** Counts the bytes that a socket receives. The driver keeps a whole result in memory, so this count limits it. */
export interface Meter {
  readonly bytes: number;
  stop(): void;
}

/** @param onOver called once, when more than `maxBytes` have arrived */
export function meterOf(socket: Duplex, maxBytes: number, onOver: () => void): Meter {
  let bytes = 0;
  const onData = (chunk: Uint8Array) => {
    const before = bytes;
    bytes += chunk.byteLength;
    if (before <= maxBytes && bytes > maxBytes) onOver();
  };
  socket.on('data', onData);
  return {
    get bytes() {
      return bytes;
    },
    stop: () => void socket.off('data', onData),
  };
}
